// The server that the bench compares with: oidc-provider with opaque tokens, and one SQLite file with the portal's settings (WAL,
// synchronous=FULL). Every visitor is signed in and has allowed the app, because only the measured requests matter.
// node server.mjs PORT DATABASE-FILE
import http from 'node:http';
import Database from 'better-sqlite3';
import { Provider } from 'oidc-provider';

const [port, file] = process.argv.slice(2);
const database = new Database(file);
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.exec(`create table if not exists rows (
  id text primary key, kind text not null, payload text not null, expires integer, grant_id text, uid text, consumed integer) without rowid;
  create index if not exists rows_grant on rows (grant_id) where grant_id is not null;
  create index if not exists rows_uid on rows (uid) where uid is not null;`);

const upsert = database.prepare(`insert into rows (id, kind, payload, expires, grant_id, uid) values (?, ?, ?, ?, ?, ?)
  on conflict (id) do update set payload = excluded.payload, expires = excluded.expires, grant_id = excluded.grant_id, uid = excluded.uid`);
const byId = database.prepare('select payload, consumed, expires from rows where id = ?');
const byUid = database.prepare('select payload, consumed, expires from rows where uid = ?');
const consume = database.prepare('update rows set consumed = ? where id = ?');
const remove = database.prepare('delete from rows where id = ?');
const now = () => Math.floor(Date.now() / 1000);
const read = row => row && (!row.expires || row.expires > now()) ? { ...JSON.parse(row.payload), ...(row.consumed ? { consumed: row.consumed } : {}) } : undefined;

class SqliteAdapter {
  constructor(kind) { this.kind = kind; }
  key(id) { return `${this.kind}:${id}`; }
  async upsert(id, payload, lifetime) {
    upsert.run(this.key(id), this.kind, JSON.stringify(payload), lifetime ? now() + lifetime : null, payload.grantId ?? null, payload.uid ?? null);
  }
  async find(id) { return read(byId.get(this.key(id))); }
  async findByUid(uid) { return read(byUid.get(uid)); }
  async findByUserCode() { return undefined; }
  async consume(id) { consume.run(now(), this.key(id)); }
  async destroy(id) { remove.run(this.key(id)); }
  // Here all tokens of the session have one grant: the first revocation would end them all, and the next ones would have nothing to do. So a
  // revocation removes only its token, which is less work than the provider does in real use.
  async revokeByGrantId() { }
}

const issuer = `http://localhost:${port}`;
const provider = new Provider(issuer, {
  adapter: SqliteAdapter,
  clients: [{
    client_id: 'bench', client_secret: 'bench-secret', redirect_uris: ['https://app.example/callback'],
    grant_types: ['authorization_code'], response_types: ['code'], token_endpoint_auth_method: 'client_secret_post',
  }],
  scopes: ['widgets', 'faqs', 'contacts', 'conversations'],
  pkce: { required: () => false },
  features: { devInteractions: { enabled: false }, introspection: { enabled: true }, revocation: { enabled: true } },
  cookies: { keys: ['bench'] },
  ttl: { AccessToken: 10 * 365 * 86400, AuthorizationCode: 300, Session: 86400, Grant: 86400, Interaction: 600 },
  findAccount: async (_, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  loadExistingGrant: async context => {
    const { client, session } = context.oidc;
    const existing = session.grantIdFor(client.clientId);
    if (existing) return provider.Grant.find(existing);
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope('openid widgets faqs contacts conversations');
    await grant.save();
    return grant;
  },
});

const callback = provider.callback();
const answer = (response, status, body) => {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
};

http.createServer(async (request, response) => {
  // The API: finds the token as the provider does for a resource server in its own process, without its middleware.
  if (request.url === '/api/v1/me') {
    const token = await provider.AccessToken.find((request.headers.authorization ?? '').slice(7));
    return token ? answer(response, 200, { id: token.accountId, client_id: token.clientId, scopes: token.scope?.split(' ') ?? [] })
      : answer(response, 401, { error: 'invalid_token' });
  }
  if (request.url.startsWith('/interaction/'))
    return provider.interactionFinished(request, response, { login: { accountId: 'demo' } }, { mergeWithLastSubmission: false });
  return callback(request, response);
}).listen(+port, '127.0.0.1', () => console.log(`listening on ${issuer}`));
