//! The first schema. Keys begin with workspace and lane, so that tables can be partitioned or
//! distributed; hot narrow tables are clustered by (workspace, lane, person).

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::ddl::run;

/// Creates every table.
#[derive(DeriveMigrationName, Debug)]
pub(crate) struct Migration;

/// The instance: its settings, its workspaces, their keys.
const INSTANCE: &[&str] = &[
    "CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE time (one {int} NOT NULL PRIMARY KEY CHECK (one = 1), base {int} NOT NULL,
        factor DOUBLE PRECISION NOT NULL)",
    "CREATE TABLE workspace (id {int} NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE,
        version {int} NOT NULL, created_at {int} NOT NULL)",
    "CREATE TABLE key (id {int} NOT NULL PRIMARY KEY, w {int} NOT NULL, role TEXT NOT NULL,
        name TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, hint TEXT NOT NULL,
        created_at {int} NOT NULL, revoked_at {int})",
];

/// What comes in, before a tick takes it.
const INTAKE: &[&str] = &[
    "CREATE TABLE identifier (w {int} NOT NULL, kind TEXT NOT NULL, value {name} NOT NULL,
        l {int} NOT NULL, p {uuid} NOT NULL, PRIMARY KEY (w, kind, value)) {narrow}",
    "CREATE INDEX identifier_person ON identifier (w, l, p)",
    "CREATE TABLE seen_0 (w {int} NOT NULL, key TEXT NOT NULL, hash {int} NOT NULL,
        PRIMARY KEY (w, key)) {narrow}",
    "CREATE TABLE seen_1 (w {int} NOT NULL, key TEXT NOT NULL, hash {int} NOT NULL,
        PRIMARY KEY (w, key)) {narrow}",
];

/// On SQLite the sequence is the rowid, so that reading in order needs no second index.
const INBOX_SQLITE: &[&str] = &[
    "CREATE TABLE inbox (seq INTEGER PRIMARY KEY, w INTEGER NOT NULL, l INTEGER NOT NULL,
        p BLOB NOT NULL, id BLOB NOT NULL, identifiers TEXT NOT NULL, piece TEXT NOT NULL,
        depth INTEGER NOT NULL, accepted_at INTEGER NOT NULL)",
    "CREATE INDEX inbox_lane ON inbox (w, l, seq)",
];

const INBOX_POSTGRES: &[&str] = &[
    "CREATE SEQUENCE inbox_seq CACHE 1",
    "CREATE TABLE inbox (w bigint NOT NULL, l bigint NOT NULL,
        seq bigint NOT NULL DEFAULT nextval('inbox_seq'), p uuid NOT NULL, id uuid NOT NULL,
        identifiers jsonb NOT NULL, piece jsonb NOT NULL, depth bigint NOT NULL,
        accepted_at bigint NOT NULL, PRIMARY KEY (w, l, seq))",
];

/// What a tick reads and writes: one person's rows lie together.
const PEOPLE: &[&str] = &[
    "CREATE TABLE lane (w {int} NOT NULL, l {int} NOT NULL, last_now {int} NOT NULL,
        PRIMARY KEY (w, l)) {narrow}",
    "CREATE TABLE person (w {int} NOT NULL, l {int} NOT NULL, p {uuid} NOT NULL,
        attributes {json} NOT NULL, version {int} NOT NULL, created_at {int} NOT NULL,
        updated_at {int} NOT NULL, PRIMARY KEY (w, l, p))",
    "CREATE INDEX person_newest ON person (w, p)",
    "CREATE TABLE atoms (w {int} NOT NULL, l {int} NOT NULL, p {uuid} NOT NULL,
        times {json} NOT NULL, PRIMARY KEY (w, l, p)) {narrow}",
    "CREATE TABLE event (w {int} NOT NULL, l {int} NOT NULL, p {uuid} NOT NULL,
        at {int} NOT NULL, id {uuid} NOT NULL, name TEXT NOT NULL, data {json} NOT NULL,
        accepted_at {int} NOT NULL, PRIMARY KEY (w, l, p, at, id))",
    "CREATE TABLE change (w {int} NOT NULL, l {int} NOT NULL, p {uuid} NOT NULL,
        at {int} NOT NULL, id {uuid} NOT NULL, changes {json} NOT NULL, run {uuid},
        PRIMARY KEY (w, l, p, at, id))",
    "CREATE TABLE membership (w {int} NOT NULL, l {int} NOT NULL, p {uuid} NOT NULL,
        segment {int} NOT NULL, since {int} NOT NULL, PRIMARY KEY (w, l, p, segment)) {narrow}",
    "CREATE INDEX membership_segment ON membership (w, segment, p)",
    "CREATE TABLE run (w {int} NOT NULL, l {int} NOT NULL, p {uuid} NOT NULL,
        run {uuid} NOT NULL, campaign {int} NOT NULL, version {int} NOT NULL, place TEXT NOT NULL,
        arrived {int} NOT NULL, due {int}, since {int} NOT NULL, trigger {json} NOT NULL,
        vars {json} NOT NULL, ordinal {int} NOT NULL, depth {int} NOT NULL,
        PRIMARY KEY (w, l, p, run)) {narrow}",
    "CREATE INDEX run_version ON run (w, version)",
    "CREATE TABLE entry (w {int} NOT NULL, l {int} NOT NULL, p {uuid} NOT NULL,
        campaign {int} NOT NULL, at {int} NOT NULL, run {uuid} NOT NULL,
        PRIMARY KEY (w, l, p, campaign, at, run)) {narrow}",
    "CREATE INDEX entry_newest ON entry (w, run)",
    "CREATE TABLE clock (w {int} NOT NULL, l {int} NOT NULL, p {uuid} NOT NULL,
        due {int} NOT NULL, PRIMARY KEY (w, l, p)) {narrow}",
    "CREATE TABLE history (month {int} NOT NULL, w {int} NOT NULL, l {int} NOT NULL,
        p {uuid} NOT NULL, run {uuid} NOT NULL, ordinal {int} NOT NULL, campaign {int} NOT NULL,
        version {int} NOT NULL, step TEXT NOT NULL, outcome TEXT NOT NULL, deciding {json} NOT NULL,
        at {int} NOT NULL, PRIMARY KEY (month, w, l, p, run, ordinal)) {narrow}",
    "CREATE TABLE sweep (w {int} NOT NULL, l {int} NOT NULL, kind TEXT NOT NULL,
        target {int} NOT NULL, cursor {uuid} NOT NULL, PRIMARY KEY (w, l, kind)) {narrow}",
    "CREATE TABLE quarantine (w {int} NOT NULL, l {int} NOT NULL, p {uuid} NOT NULL,
        at {int} NOT NULL, reason TEXT NOT NULL, inputs {json} NOT NULL,
        PRIMARY KEY (w, l, p, at))",
    "CREATE TABLE counter (w {int} NOT NULL, metric {name} NOT NULL, day {int} NOT NULL,
        value {int} NOT NULL, PRIMARY KEY (w, metric, day)) {narrow}",
];

/// The claim of due rows: by lane where lanes are locked, over all lanes where one process owns them.
const CLOCK_SQLITE: &[&str] = &[
    "CREATE INDEX clock_due ON clock (w, due)",
    "CREATE TABLE counter_delta (seq INTEGER PRIMARY KEY, w INTEGER NOT NULL, metric TEXT NOT NULL,
        day INTEGER NOT NULL, delta INTEGER NOT NULL)",
];

const CLOCK_POSTGRES: &[&str] = &[
    "CREATE INDEX clock_due ON clock (w, l, due)",
    "CREATE INDEX clock_next ON clock (w, due)",
    "CREATE TABLE counter_delta (seq bigserial PRIMARY KEY, w bigint NOT NULL, metric text COLLATE \"C\" NOT NULL,
        day bigint NOT NULL, delta bigint NOT NULL)",
];

/// Messages on their way.
const SENDING: &[&str] = &[
    "CREATE TABLE delivery (w {int} NOT NULL, l {int} NOT NULL, p {uuid} NOT NULL,
        delivery {uuid} NOT NULL, run {uuid} NOT NULL, campaign {int} NOT NULL,
        version {int} NOT NULL, step TEXT NOT NULL, channel TEXT NOT NULL, message TEXT NOT NULL,
        state TEXT NOT NULL, rank {int} NOT NULL, reason TEXT, address TEXT, frozen {json} NOT NULL,
        attempts {int} NOT NULL, provider_id TEXT, created_at {int} NOT NULL, updated_at {int} NOT NULL,
        PRIMARY KEY (w, l, p, delivery))",
    "CREATE INDEX delivery_newest ON delivery (w, delivery)",
    "CREATE TABLE outgoing (w {int} NOT NULL, channel TEXT NOT NULL, priority {int} NOT NULL,
        not_before {int} NOT NULL, delivery {uuid} NOT NULL, l {int} NOT NULL, p {uuid} NOT NULL,
        attempts {int} NOT NULL, sending {int} NOT NULL, lease_until {int} NOT NULL,
        token {uuid} NOT NULL,
        PRIMARY KEY (w, channel, priority, not_before, delivery)) {narrow}",
    "CREATE TABLE content (w {int} NOT NULL, delivery {uuid} NOT NULL, l {int} NOT NULL,
        p {uuid} NOT NULL, rendered {json} NOT NULL, at {int} NOT NULL, PRIMARY KEY (w, delivery))",
];

/// What was deployed.
const DEFINITIONS: &[&str] = &[
    "CREATE TABLE release (w {int} NOT NULL, number {int} NOT NULL, source TEXT NOT NULL,
        by_key {int}, at {int} NOT NULL, PRIMARY KEY (w, number))",
    "CREATE TABLE file (w {int} NOT NULL, source TEXT NOT NULL, path TEXT NOT NULL,
        text TEXT NOT NULL, PRIMARY KEY (w, source, path))",
    "CREATE TABLE campaign (w {int} NOT NULL, id {int} NOT NULL, name TEXT NOT NULL,
        state TEXT NOT NULL, version {int} NOT NULL, source TEXT NOT NULL, path TEXT NOT NULL,
        created_at {int} NOT NULL, PRIMARY KEY (w, id))",
    "CREATE UNIQUE INDEX campaign_name ON campaign (w, name)",
    "CREATE TABLE campaign_version (w {int} NOT NULL, id {int} NOT NULL, campaign {int} NOT NULL,
        number {int} NOT NULL, text TEXT NOT NULL, hash TEXT NOT NULL, at {int} NOT NULL,
        PRIMARY KEY (w, id))",
    "CREATE INDEX campaign_version_campaign ON campaign_version (w, campaign, number)",
    "CREATE TABLE segment (w {int} NOT NULL, id {int} NOT NULL, name TEXT NOT NULL,
        description TEXT, text TEXT NOT NULL, source TEXT NOT NULL, path TEXT NOT NULL,
        created_at {int} NOT NULL, PRIMARY KEY (w, id))",
    "CREATE UNIQUE INDEX segment_name ON segment (w, name)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        let own =
            if sqlite { [INBOX_SQLITE, CLOCK_SQLITE] } else { [INBOX_POSTGRES, CLOCK_POSTGRES] };
        let clusters = [INSTANCE, INTAKE, PEOPLE, SENDING, DEFINITIONS];
        let statements: Vec<&'static str> =
            clusters.into_iter().chain(own).flatten().copied().collect();
        for sql in statements {
            run(manager, sql).await?;
        }
        Ok(())
    }
}
