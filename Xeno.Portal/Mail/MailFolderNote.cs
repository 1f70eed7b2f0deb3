using Microsoft.Extensions.Options;

namespace Xeno.Portal.Mail;

/// <summary>Says at the start of a portal in Production that it sends no mail, where no mail server is set.</summary>
internal sealed partial class MailFolderNote(
    IOptions<MailOptions> options, MailFolder folder, IHostEnvironment environment, ILogger<MailFolderNote> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (environment.IsProduction() && !options.Value.HasServer)
            LogNoServer(log, folder.FullPath);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(2105, LogLevel.Warning, "Mail:Host is not set: mails are written to {Folder} and reach nobody.")]
    private static partial void LogNoServer(ILogger log, string folder);
}
