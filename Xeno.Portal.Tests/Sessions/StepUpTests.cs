using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Apps;
using Xeno.Portal.Sessions;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Sessions;

/// <summary>"Is it still you?": acts that reveal or destroy need a proof that is not older than ten minutes.</summary>
public abstract class StepUpTests(PortalFactory portal)
{
    private static readonly Dictionary<string, Func<AppRegistry, Actor, string, Task>> s_acts = new(StringComparer.Ordinal)
    {
        ["reveal"] = (apps, actor, id) => apps.RevealSecretAsync(actor, id),
        ["rotate"] = (apps, actor, id) => apps.RotateSecretAsync(actor, id),
        ["remove"] = (apps, actor, id) => apps.RemovePreviousSecretAsync(actor, id),
        ["change redirect URIs"] = (apps, actor, id) => apps.EditAsync(
            actor, id, new AppForm { Name = "Another", RedirectUris = "https://app.example/another" }),
        ["add a redirect URI"] = (apps, actor, id) => apps.AddRedirectUriAsync(actor, id, "https://app.example/another"),
        ["revoke all tokens"] = (apps, actor, id) => apps.RevokeAllTokensAsync(actor, id),
        ["delete"] = (apps, actor, id) => apps.DeleteAsync(actor, id),
    };

    public static TheoryData<string> Acts => [.. s_acts.Keys];

    [Theory]
    [MemberData(nameof(Acts))]
    public async Task An_act_needs_a_fresh_proof_and_does_nothing_without_one(string act)
    {
        var (owner, app) = await OwnerAsync();
        await RunAsync(apps => apps.RotateSecretAsync(owner.Actor, app.ClientId)); // So that there is an old secret to remove.
        var before = await DetailsAsync(owner, app);
        portal.Time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<ProofNeededException>(() => RunAsync(apps => s_acts[act](apps, owner.Actor, app.ClientId)));
        Assert.Equivalent(before, await DetailsAsync(owner, app));

        Assert.True(await ProveAsync(owner, Given.Password));
        await RunAsync(apps => s_acts[act](apps, owner.Actor, app.ClientId));
        if (act is not "reveal")
            Assert.NotEqual(before.Version, (await FindAsync(owner, app))?.Version);
    }

    [Fact]
    public async Task An_edit_without_the_redirect_uris_needs_no_proof()
    {
        var (owner, app) = await OwnerAsync();
        portal.Leap(TimeSpan.FromHours(1));

        await RunAsync(apps => apps.EditAsync(
            owner.Actor, app.ClientId, new AppForm { Name = "Renamed", RedirectUris = GivenApps.Callback }));

        Assert.Equal("Renamed", (await DetailsAsync(owner, app)).Name);
    }

    [Fact]
    public async Task The_proof_of_another_session_or_of_an_ended_one_does_not_count()
    {
        var (owner, app) = await OwnerAsync();
        portal.Leap(TimeSpan.FromHours(1));
        var fresh = await portal.ActorAsync(owner.Id);
        await Assert.ThrowsAsync<ProofNeededException>(() => RunAsync(apps => apps.RevealSecretAsync(owner.Actor, app.ClientId)));
        var stranger = await portal.AccountAsync();
        await Assert.ThrowsAsync<SessionEndedException>(
            () => RunAsync(apps => apps.RevealSecretAsync(fresh with { SessionId = stranger.Actor.SessionId }, app.ClientId)));

        await portal.Services.GetRequiredService<AccountSessions>().EndAsync(owner.Id, fresh.SessionId);

        await Assert.ThrowsAsync<SessionEndedException>(() => RunAsync(apps => apps.RevealSecretAsync(fresh, app.ClientId)));
    }

    [Fact]
    public async Task Of_24_wrong_passwords_at_the_same_time_ten_are_compared_and_then_a_right_one_is_refused()
    {
        var owner = await portal.AccountAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => ProveAsync(owner, "wrong password")));

        Assert.All(answers, Assert.False);
        Assert.False(await ProveAsync(owner, Given.Password));
        portal.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.True(await ProveAsync(owner, Given.Password));
    }

    [Fact]
    public async Task The_button_of_the_error_page_asks_for_the_password_on_a_page_of_its_own()
    {
        var (owner, app) = await OwnerAsync();
        var browser = await portal.BrowserOfAsync(owner);
        portal.Time.Advance(TimeSpan.FromMinutes(11));
        var refused = $"/oauth/authorize?client_id={app.ClientId}&scope=widgets&redirect_uri=https%3A%2F%2Fapp.example%2Fother";
        var action = $"/apps/{app.ClientId}/redirect-uris";
        var fields = (await (await browser.GetAsync(refused)).PageAsync()).FieldsOfForm(action);

        var asked = await browser.PostAsync(action, new FormUrlEncodedContent(fields));

        Assert.Equal(HttpStatusCode.SeeOther, asked.StatusCode);
        var prove = asked.Headers.Location!.OriginalString;
        Assert.StartsWith("/account/prove?returnUrl=", prove, StringComparison.Ordinal);
        Assert.Equal([GivenApps.Callback], (await DetailsAsync(owner, app)).RedirectUris);

        Assert.Contains("password is wrong", await (await SubmitAsync("wrong password")).AlertAsync(), StringComparison.Ordinal);
        Assert.Equal(refused, (await SubmitAsync(Given.Password)).LeadsTo());
        fields = (await (await browser.GetAsync(refused)).PageAsync()).FieldsOfForm(action);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync(action, new FormUrlEncodedContent(fields))).StatusCode);
        Assert.Equal([GivenApps.Callback, "https://app.example/other"], (await DetailsAsync(owner, app)).RedirectUris);

        async Task<HttpResponseMessage> SubmitAsync(string password)
        {
            var page = await (await browser.GetAsync(prove)).PageAsync();
            var form = page.Forms.Single(form => form.QuerySelector("[name='Input.Password']") is not null);
            var typed = form.QuerySelectorAll("input[type=hidden]")
                .ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value")!, StringComparer.Ordinal);
            typed["Input.Password"] = password;
            return await browser.PostAsync(prove, new FormUrlEncodedContent(typed));
        }
    }

    private async Task<(GivenAccount Owner, GivenApp App)> OwnerAsync()
    {
        var owner = await portal.AccountAsync();
        return (owner, await portal.AppAsync(owner, GivenApps.Callback));
    }

    private Task<bool> ProveAsync(GivenAccount owner, string password)
        => portal.InScopeAsync(services => services.GetRequiredService<StepUp>().ProveAsync(owner.Actor, password));

    private Task RunAsync(Func<AppRegistry, Task> act)
        => portal.InScopeAsync(services => act(services.GetRequiredService<AppRegistry>()));

    private Task<AppDetails?> FindAsync(GivenAccount owner, GivenApp app)
        => portal.InScopeAsync(services => services.GetRequiredService<AppRegistry>().FindAsync(owner.Id, app.ClientId));

    private async Task<AppDetails> DetailsAsync(GivenAccount owner, GivenApp app) => (await FindAsync(owner, app))!;
}

[Trait("Category", "Fast")]
public sealed class StepUpOnSqlite(PortalFactory portal) : StepUpTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class StepUpOnPostgreSql(PostgreSqlPortal portal) : StepUpTests(portal), IClassFixture<PostgreSqlPortal>;
