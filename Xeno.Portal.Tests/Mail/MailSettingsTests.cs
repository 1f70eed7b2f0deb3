using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xeno.Portal.Mail;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Mail;

/// <summary>Settings of mail that do not fit end the start with one sentence each, which never shows the password.</summary>
[Trait("Category", "Fast")]
public sealed class MailSettingsTests
{
    [Theory]
    [InlineData("Mail:Host must be the name or the address of a mail server", "Mail:Host", "smtp://mail.example",
        "Mail:From", "a@b.example")]
    [InlineData("Mail:Host must be the name or the address of a mail server", "Mail:Host", "mail.example:25",
        "Mail:From", "a@b.example")]
    [InlineData("Mail:From must be set when Mail:Host is", "Mail:Host", "mail.example")]
    [InlineData("Mail:From must be an e-mail address", "Mail:From", "nobody")]
    [InlineData("Mail:User and Mail:Password must be set together", "Mail:Password", "hidden")]
    [InlineData("Mail:Security must be StartTls or Tls when Mail:User is set", "Mail:Host", "mail.example", "Mail:From", "a@b.example",
        "Mail:User", "portal", "Mail:Password", "hidden", "Mail:Security", "None")]
    [InlineData("Mail:Port must be between 1 and 65535.", "Mail:Port", "70000")]
    [InlineData("Mail:Security must be StartTls, Tls or None.", "Mail:Security", "7")]
    [InlineData("Mail:Folder must name a folder.", "Mail:Folder", "")]
    [InlineData("Mail:MostPerAddressAndHour must be between", "Mail:MostPerAddressAndHour", "0")]
    [InlineData("Mail:GiveUpAfter must be between", "Mail:GiveUpAfter", "00:00:10")]
    public void A_wrong_setting_is_named(string sentence, params string[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        for (var i = 0; i < settings.Length; i += 2)
            builder.Configuration[settings[i]] = settings[i + 1];
        using var host = builder.AddMail().Services.BuildServiceProvider();

        var refused = Assert.Throws<OptionsValidationException>(() => host.GetRequiredService<IOptions<MailOptions>>().Value);

        Assert.Contains(sentence, Assert.Single(refused.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MailSecurity.StartTls, null, 587)]
    [InlineData(MailSecurity.Tls, null, 465)]
    [InlineData(MailSecurity.None, null, 25)]
    [InlineData(MailSecurity.Tls, 2465, 2465)]
    public void The_port_follows_from_the_encryption(MailSecurity security, int? port, int expected)
        => Assert.Equal(expected, new MailOptions { Security = security, Port = port }.PortInUse);

    [Theory]
    [InlineData("Production", 1)]
    [InlineData("Development", 0)]
    public async Task In_Production_a_start_says_that_mails_reach_nobody(string environment, int lines)
    {
        await using var portal = new PortalFactory { Environment = environment };
        _ = portal.Services;

        Assert.Equal(lines, portal.Log.Text.Split('\n').Count(line
            => line.Contains($"Mail:Host is not set: mails are written to {portal.MailFolder}", StringComparison.Ordinal)));
    }
}
