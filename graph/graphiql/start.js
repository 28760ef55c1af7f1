// Starts GraphiQL against this server. The access token comes in the address's
// fragment (#token=…), which browsers send to no server; it is put into the
// headers editor and taken out of the address bar.
(function () {
  'use strict';

  var EXAMPLES = [
    '# Ticket.sys. Put an access token into the headers below:',
    '#   {"Authorization": "Bearer …"}      (ticketsys token --role admin)',
    '',
    'query Inbox {',
    '  viewer { name role locale }',
    '  tickets(where: {status: {in: [NEW, OPEN, PENDING]}}, first: 25) {',
    '    totalCount',
    '    nodes {',
    '      id number subject status priority',
    '      requester { name }',
    '      assignee { name }',
    '      queue { name }',
    '      lastMessage { body occurredAt }',
    '    }',
    '    pageInfo { hasNextPage endCursor }',
    '  }',
    '}',
    '',
    'query History($number: Int! = 1) {',
    '  ticketByNumber(number: $number) {',
    '    subject status version',
    '    timeline(first: 100) {',
    '      nodes {',
    '        __typename',
    '        ... on Event { occurredAt channel actor { name } }',
    '        ... on MessagePostedEvent { message { side body } }',
    '        ... on NoteAddedEvent { message { body } }',
    '        ... on StatusChangedEvent { fromStatus toStatus }',
    '      }',
    '    }',
    '  }',
    '}',
    '',
    'query Urgent($after: Cursor) {',
    '  tickets(',
    '    where: {priority: {in: [HIGH, URGENT]}, assignee: {isNull: true}, not: {status: {in: [RESOLVED, CLOSED]}}}',
    '    orderBy: [{field: PRIORITY, direction: DESC}, {field: OPENED_AT, direction: ASC}]',
    '    first: 25, after: $after',
    '  ) {',
    '    nodes { number subject priority openedAt queue { name } }',
    '    pageInfo { hasNextPage endCursor }',
    '  }',
    '  rateLimit { cost remaining }',
    '}',
    '',
    'query Categories {',
    '  categories { nodes { id name form { key label required } } }',
    '}',
    '',
    'mutation Open($categoryId: ID!, $answers: [AnswerInput!]) {',
    '  openTicket(input: {categoryId: $categoryId, answers: $answers}) {',
    '    ticket { id number subject }',
    '    userErrors { code field message }',
    '  }',
    '}',
    '',
    'mutation Reply($ticketId: ID!, $body: String! = "Hello! Let me look into this.") {',
    '  replyToTicket(input: {ticketId: $ticketId, body: $body}) {',
    '    message { id body }',
    '    ticket { status version }',
    '    userErrors { code field message }',
    '  }',
    '}',
    '',
    'mutation TakeUp($tickets: [BulkTicketInput!]!, $assigneeId: ID!) {',
    '  urgent: bulkSetTicketPriority(input: {tickets: $tickets, priority: URGENT, onError: CONTINUE}) {',
    '    results { ticketId ticket { number priority } userErrors { code message } }',
    '    userErrors { code field message }',
    '  }',
    '  mine: bulkAssignTickets(input: {tickets: $tickets, assigneeId: $assigneeId}) {',
    '    results { ticket { number assignee { name } version } }',
    '    userErrors { code field message }',
    '  }',
    '}',
    '',
    'query Promises {',
    '  slaPolicies(first: 50) {',
    '    totalCount',
    '    nodes { id name position promises { target within business } version }',
    '  }',
    '  businessHours(where: {queue: {isNull: true}}) {',
    '    nodes { timeZone always isOpen nextOpening }',
    '  }',
    '}',
    '',
    'query Tags {',
    '  tags(first: 50) {',
    '    nodes { id name formerNames colour description ticketCount version }',
    '    pageInfo { hasNextPage endCursor }',
    '  }',
    '}',
    '',
    'mutation Tag($ticketId: ID!, $tags: [String!]! = ["refund"]) {',
    '  addTicketTags(input: {ticketId: $ticketId, tags: $tags}) {',
    '    ticket { number tags tagDetails { id name colour } }',
    '    userErrors { code field message }',
    '  }',
    '}',
    '',
    'mutation Tidy($tagIds: [ID!]!, $intoId: ID!, $name: String!) {',
    '  mergeTags(input: {tagIds: $tagIds, intoId: $intoId}) {',
    '    userErrors { code field message }',
    '  }',
    '  updateTag(input: {tagId: $intoId, name: $name, colour: "#d73a4a"}) {',
    '    tag { name formerNames ticketCount }',
    '    userErrors { code field message }',
    '  }',
    '}',
    '',
    'subscription Mine($after: Cursor) {',
    '  myEvents(after: $after) {',
    '    cursor',
    '    ticket { number subject status }',
    '    node { __typename ... on MessagePostedEvent { message { body } } }',
    '  }',
    '}',
    '',
    'subscription Follow($ticketId: ID!) {',
    '  ticketEvents(ticketId: $ticketId) {',
    '    cursor',
    '    node { __typename ... on MessagePostedEvent { message { body } } }',
    '  }',
    '}',
    ''
  ].join('\n');

  function takeToken() {
    var token = new URLSearchParams(window.location.hash.slice(1)).get('token');
    if (token) {
      window.history.replaceState(null, '', window.location.pathname + window.location.search);
    }
    return token;
  }

  function authorization(headers) {
    for (var name in headers || {}) {
      if (name.toLowerCase() === 'authorization') {
        return headers[name];
      }
    }
    return undefined;
  }

  // follow runs a subscription over server-sent events, which carry the same
  // headers as any other request.
  async function* follow(params, headers) {
    var answer = await fetch('/graphql', {
      method: 'POST',
      headers: Object.assign({'Content-Type': 'application/json', Accept: 'text/event-stream'}, headers),
      body: JSON.stringify(params)
    });
    if (!(answer.headers.get('Content-Type') || '').startsWith('text/event-stream')) {
      yield await answer.json();
      return;
    }
    var reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    try {
      for (var rest = ''; ;) {
        var part = await reader.read();
        if (part.done) {
          return;
        }
        var events = (rest + part.value).split('\n\n');
        rest = events.pop();
        for (var i = 0; i < events.length; i++) {
          var data = events[i].split('\n').filter(function (l) { return l.startsWith('data: '); });
          if (data.length) {
            yield JSON.parse(data[0].slice(6));
          }
        }
      }
    } finally {
      reader.cancel();
    }
  }

  function isSubscription(params, options) {
    var definitions = (options && options.documentAST && options.documentAST.definitions) || [];
    return definitions.some(function (d) {
      return d.operation === 'subscription' && (!params.operationName || d.name && d.name.value === params.operationName);
    });
  }

  async function fetcher(params, options) {
    var headers = {}, given = authorization((options && options.headers) || {});
    if (given) {
      headers.Authorization = given;
    }
    if (isSubscription(params, options)) {
      return follow(params, headers);
    }
    var answer = await fetch('/graphql', {
      method: 'POST',
      headers: Object.assign({'Content-Type': 'application/json', Accept: 'application/graphql-response+json'}, headers),
      body: JSON.stringify(params)
    });
    return answer.json();
  }

  var token = takeToken();
  var props = {
    fetcher: fetcher,
    defaultQuery: EXAMPLES,
    defaultEditorToolsVisibility: 'headers',
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false
  };
  if (token) {
    props.headers = JSON.stringify({Authorization: 'Bearer ' + token}, null, 2);
  }
  window.ReactDOM.createRoot(document.getElementById('graphiql')).render(window.React.createElement(window.GraphiQL, props));
})();
