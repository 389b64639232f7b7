// Every request this page makes, as the API's schema names it.

export const WORKSPACE = `query Workspace {
  workspace { name version now }
}`;

export const INBOX = `query Inbox($first: Int, $after: String) {
  inbox(first: $first, after: $after) {
    edges { node { id to subject sentAt campaign { id name } person { id } } }
    pageInfo { hasNextPage endCursor }
  }
}`;

export const MAILS = `query Mails($first: Int, $after: String) {
  inbox(first: $first, after: $after) {
    edges { node { id html text } }
  }
}`;

export const CAMPAIGNS = `query Campaigns($first: Int) {
  campaigns(first: $first) {
    edges { node { id name description state peopleInside version stepCounts { step count } } }
  }
}`;

export const GRAPHS = `query Graphs($first: Int) {
  campaigns(first: $first) {
    edges { node { id source graph(format: SVG) } }
  }
}`;

export const PEOPLE = `query People($first: Int, $search: String) {
  people(first: $first, search: $search) {
    edges {
      node {
        id
        identifiers { kind value }
        attributes
        createdAt
        journeys(first: 20) {
          edges {
            node {
              id
              campaign { name }
              state
              place { id title }
              since
              history { ordinal step title outcome deciding at }
            }
          }
        }
      }
    }
  }
}`;

export const DELIVERIES = `query Deliveries($first: Int) {
  deliveries(first: $first) {
    edges {
      node {
        id
        state
        reason
        message
        createdAt
        campaign { id name }
        person { id identifiers { kind value } }
      }
    }
  }
}`;
