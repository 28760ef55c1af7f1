// Holds a running server to GraphQL's standards with clients that others wrote:
// graphql-http audits GraphQL over HTTP, graphql-ws and graphql-sse drive the
// subscriptions. Arguments: the server's address, and an access token of an admin.
import assert from 'node:assert/strict';
import { auditServer } from 'graphql-http';
import { createClient as overSSE } from 'graphql-sse';
import { createClient as overWebSocket } from 'graphql-ws';
import WebSocket from 'ws';

const [base, token] = process.argv.slice(2);
const url = `${base}/graphql`;
const authorization = { Authorization: `Bearer ${token}` };
const patience = 20_000;

// ask runs an operation that must succeed.
async function ask(query, variables) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...authorization, 'Content-Type': 'application/json', Accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

async function audit() {
  const results = await auditServer({
    url,
    fetchFn: (input, init = {}) => fetch(input, { ...init, headers: { ...init.headers, ...authorization } }),
  });
  const failed = results.filter((result) => result.status !== 'ok');
  for (const { id, name, reason } of failed) console.error(`  ${id} ${name}: ${reason}`);
  console.log(`graphql-http: ${results.length - failed.length} of ${results.length} audits pass`);
  assert.equal(results.length, 61, 'the number of audits changed: look at what is new');
  assert.equal(failed.length, 0);
}

// hear subscribes, and gives what takes the next thing heard.
function hear(client, query, variables) {
  const heard = [], waiting = [];
  const give = (item) => (waiting.length ? waiting.shift()(item) : heard.push(item));
  const stop = client.subscribe({ query, variables }, {
    next: (value) => give({ value }),
    error: (error) => give({ error }),
    complete: () => give({ complete: true }),
  });
  const next = () => new Promise((resolve, reject) => {
    if (heard.length) return resolve(heard.shift());
    const timer = setTimeout(() => reject(new Error(`nothing is heard of ${query}`)), patience);
    waiting.push((item) => { clearTimeout(timer); resolve(item); });
  });
  return { next, stop };
}

const FOLLOW = `subscription ($after: Cursor) { myEvents(after: $after) { cursor ticket { id }
  node { __typename ... on MessagePostedEvent { message { body } } } } }`;

async function follow(name, client) {
  const { categories } = await ask('{ categories { nodes { id form { key } } } }');
  const { id: c, form } = categories.nodes[0];
  const open = `mutation ($c: ID!, $answers: [AnswerInput!]) { openTicket(input: { categoryId: $c, answers: $answers }) {
    ticket { id timeline(last: 1) { pageInfo { endCursor } } } userErrors { field message } } }`;
  const { openTicket } = await ask(open, { c, answers: form.map(({ key }) => ({ key, value: `This is asked by ${name}.` })) });
  assert.deepEqual(openTicket.userErrors, []);
  const ticketId = openTicket.ticket.id;
  const say = (body) => ask(`mutation ($t: ID!, $body: String!) { replyToTicket(input: { ticketId: $t, body: $body }) {
    userErrors { message } } }`, { t: ticketId, body });
  const wants = async (stream, body) => {
    for (;;) {
      const { value, error } = await stream.next();
      assert.ok(value?.data, `${name}: ${JSON.stringify(error ?? value)}`);
      const { cursor, ticket, node } = value.data.myEvents;
      assert.equal(ticket.id, ticketId);
      if (node.__typename !== 'MessagePostedEvent') continue;
      assert.equal(node.message.body, body);
      return cursor;
    }
  };

  let stream = hear(client, FOLLOW, { after: openTicket.ticket.timeline.pageInfo.endCursor });
  await say('one');
  await wants(stream, 'one');
  await say('two');
  const last = await wants(stream, 'two');
  stream.stop();
  await say('three');
  stream = hear(client, FOLLOW, { after: last });
  await wants(stream, 'three'); // neither two again, nor a gap
  await say('four');
  await wants(stream, 'four');
  stream.stop();

  const refused = hear(client, 'subscription { ticketEvents(ticketId: "nonsense") { cursor } }');
  const said = JSON.stringify(await refused.next());
  assert.match(said, /NOT_FOUND/, `${name}: ${said}`);
  console.log(`${name}: subscriptions are heard, resumed and refused`);
}

await audit();
const socket = overWebSocket({
  url: url.replace(/^http/, 'ws'), webSocketImpl: WebSocket, connectionParams: authorization, retryAttempts: 0,
});
await follow('graphql-ws', socket);
await socket.dispose();
const events = overSSE({ url, headers: authorization, retryAttempts: 0 });
await follow('graphql-sse', events);
events.dispose();
