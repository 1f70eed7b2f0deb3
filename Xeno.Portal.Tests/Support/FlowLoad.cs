using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// An app under load: workers repeat authorize (consent is remembered), exchange and an API call, and every third time a revocation. Keeps
/// what the portal has acknowledged, so that a test can check it afterwards.
/// </summary>
public sealed class FlowLoad : IDisposable
{
    private readonly GivenApp _app;
    private readonly (string Name, string Value) _session;
    private readonly HttpClient _http;
    private readonly ConcurrentDictionary<string, byte> _live = [];
    private int _flows;
    private int _interrupted;
    private int _refused;
    private int _acknowledged;

    private readonly SemaphoreSlim _progress = new(0);

    private FlowLoad(GivenApp app, (string Name, string Value) session, string origin, X509Certificate2? trusted)
    {
        (_app, _session, Origin) = (app, session, origin);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, problems)
            => problems == SslPolicyErrors.None || (trusted is not null && certificate?.GetCertHashString() == trusted.GetCertHashString());
        _http = new HttpClient(handler) { BaseAddress = new Uri(origin), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>The address at which the portal under load will listen.</summary>
    public string Origin { get; }

    /// <summary>Tokens that were received and never asked to be revoked.</summary>
    public ICollection<string> Live => _live.Keys;

    /// <summary>Tokens whose revocation was acknowledged.</summary>
    public ConcurrentBag<string> Revoked { get; } = [];

    /// <summary>Answers that are neither correct nor a 503 with Retry-After.</summary>
    public ConcurrentBag<string> Defects { get; } = [];

    /// <summary>How many requests were answered as they should be.</summary>
    public int Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>How many were answered 503 with Retry-After.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>How many requests got no answer or an incomplete one.</summary>
    public int Interrupted => Volatile.Read(ref _interrupted);

    /// <summary>Awaited before each flow; a test that stops the portal makes the workers wait here.</summary>
    public Func<Task> BeforeEach { get; set; } = () => Task.CompletedTask;

    /// <summary>
    /// Makes an account with an app installed on it, by a portal in this process that ends before others start on the store.
    /// </summary>
    /// <param name="origin">Null: a free port of this machine.</param>
    /// <param name="trusted">The certificate that the portal's proxy shows.</param>
    public static async Task<FlowLoad> OnAsync(PortalFactory store, string? origin = null, X509Certificate2? trusted = null)
    {
        await using var maker = store.Beside();
        var account = await maker.AccountAsync();
        var app = await maker.AppAsync(account, "https://app.example/callback");
        await new RelyingParty(maker, app).InstallAsync(await maker.BrowserOfAsync(account));
        var session = await maker.SessionCookieAsync(account, maker.Time.GetUtcNow());
        return new FlowLoad(app, session, origin ?? $"http://127.0.0.1:{FreePort.Take()}", trusted);
    }

    /// <summary>Runs the workers until the token is cancelled; each finishes its current flow.</summary>
    public Task RunAsync(int workers, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
    {
        while (!stop.IsCancellationRequested)
        {
            await BeforeEach();
            try
            {
                await WalkAsync();
            }
            // HttpClient lets the bare SocketException through when a connection breaks in the moment in which it is made.
            catch (Exception broken) when (broken is HttpRequestException or IOException or SocketException or TaskCanceledException)
            {
                Interlocked.Increment(ref _interrupted);
            }
            catch (Exception defect)
            {
                Defects.Add(defect.ToString());
            }

            _progress.Release();
        }
    }, CancellationToken.None)));

    /// <summary>Waits until the workers have reached a state; an unexpected answer fails the test at once.</summary>
    public async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            Assert.True(Defects.IsEmpty, string.Join('\n', Defects.Take(5)));
            await _progress.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Asserts that every received token works, and that every acknowledged revocation holds.</summary>
    public async Task ShouldFindWhatWasAcknowledgedAsync(string run = "")
    {
        foreach (var token in Live)
            Assert.True(await CallAsync(token) == HttpStatusCode.OK, $"A token that was received is lost. {run}");
        foreach (var token in Revoked)
            Assert.True(await CallAsync(token) == HttpStatusCode.Unauthorized, $"A revoked token lives. {run}");
    }

    /// <summary>The status of an API call with this token now.</summary>
    public async Task<HttpStatusCode> CallAsync(string token)
    {
        using var call = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me");
        call.Headers.Authorization = new("Bearer", token);
        using var answer = await _http.SendAsync(call);
        return answer.StatusCode;
    }

    private async Task WalkAsync()
    {
        var number = Interlocked.Increment(ref _flows);
        using var authorize = new HttpRequestMessage(HttpMethod.Get, $"/oauth/authorize?client_id={_app.ClientId}&scope=widgets");
        authorize.Headers.Add("Cookie", $"{_session.Name}={_session.Value}");
        using var passed = await _http.SendAsync(authorize);
        if (!IsRight(passed, HttpStatusCode.Redirect, "authorize"))
            return;

        using var exchanged = await PostAsync("/oauth/token", ("code", passed.RedirectQuery()["code"]));
        if (!IsRight(exchanged, HttpStatusCode.OK, "token"))
            return;
        var token = new JsonAnswer(exchanged, await exchanged.Content.ReadAsStringAsync())["access_token"]!;
        _live.TryAdd(token, 0);

        using var call = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me");
        call.Headers.Authorization = new("Bearer", token);
        using var called = await _http.SendAsync(call);
        if (!IsRight(called, HttpStatusCode.OK, "me") || number % 3 != 0)
            return;

        // Until the acknowledgement the token may be valid or revoked.
        _live.TryRemove(token, out _);
        using var revoked = await PostAsync("/oauth/revoke", ("token", token));
        if (IsRight(revoked, HttpStatusCode.OK, "revoke"))
            Revoked.Add(token);
    }

    private Task<HttpResponseMessage> PostAsync(string path, (string Name, string Value) parameter)
        => _http.PostAsync(path, new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["client_id"] = _app.ClientId,
            ["client_secret"] = _app.Secret!,
            [parameter.Name] = parameter.Value,
        }));

    private bool IsRight(HttpResponseMessage answer, HttpStatusCode expected, string what)
    {
        if (answer.StatusCode == expected)
        {
            Interlocked.Increment(ref _acknowledged);
            return true;
        }

        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter is not null)
            Interlocked.Increment(ref _refused);
        else
            Defects.Add($"{what}: {(int)answer.StatusCode} {answer.Content.ReadAsStringAsync().GetAwaiter().GetResult()}");
        return false;
    }

    public void Dispose()
    {
        _http.Dispose();
        _progress.Dispose();
    }
}
