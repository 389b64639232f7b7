"""Makes calls with Segment's own client: ADDRESS KEY CALLS, the last as JSON."""

import json
import sys

from segment.analytics.client import Client

address, key, calls = sys.argv[1:]
failures = []
client = Client(key, host=address, on_error=lambda error, batch: failures.append(error))
for call in json.loads(calls):
    if call["call"] == "identify":
        client.identify(call["person"], call["traits"])
    else:
        client.track(call["person"], call["event"], call["properties"])
client.flush()
client.join()
if failures:
    sys.exit(f"not taken: {failures}")
