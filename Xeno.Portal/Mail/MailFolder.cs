using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using MimeKit;
using Xeno.Portal.Data;

namespace Xeno.Portal.Mail;

/// <summary>
/// The folder that mails are written to without a mail server: one <c>.eml</c> file for each (RFC 5322), named by its time and id. Only the
/// portal's user may open folder and files. A file has its name only when it is complete.
/// </summary>
internal sealed partial class MailFolder(IOptions<MailOptions> options, IHostEnvironment environment) : IMailTransport, IMailConnection
{
    private const string Extension = ".eml";

    /// <summary>The folder as an absolute path. It is made by the first mail.</summary>
    public string FullPath { get; } = Path.GetFullPath(options.Value.Folder, SettingsFolder.For(environment));

    public bool IsOpen => true;

    public Task<IMailConnection> OpenAsync(CancellationToken cancellationToken)
    {
        PrivateFiles.CreateFolder(FullPath);
        return Task.FromResult<IMailConnection>(this);
    }

    public async Task SendAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        var id = message.MessageId!.Split('@')[0];
        var name = string.Create(CultureInfo.InvariantCulture, $"{message.Date.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{id}");
        var unfinished = Path.Combine(FullPath, $".{name}-{Guid.NewGuid():N}");
        PrivateFiles.Create(unfinished);
        try
        {
            message.Prepare(EncodingConstraint.SevenBit);
            await using (var file = new FileStream(unfinished, FileMode.Open, FileAccess.Write))
            {
                await message.WriteToAsync(file, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, FileOf(name), overwrite: true); // The same mail, where its row could not be changed after the first time.
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The newest mails, newest first, at most <paramref name="most"/>.</summary>
    public async Task<IReadOnlyList<FiledMail>> ListAsync(int most, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(FullPath))
            return [];

        var mails = new List<FiledMail>();
        foreach (var file in Directory.EnumerateFiles(FullPath, $"*{Extension}").OrderDescending(StringComparer.Ordinal).Take(most))
            if (await ReadAsync(Path.GetFileNameWithoutExtension(file), cancellationToken) is { } mail)
                mails.Add(mail);
        return mails;
    }

    /// <summary>The mail of that id; null when there is none, or the file is no mail.</summary>
    public async Task<FiledMail?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (!Id().IsMatch(id) || !File.Exists(FileOf(id)))
            return null;
        try
        {
            var message = await MimeMessage.LoadAsync(FileOf(id), cancellationToken);
            return new FiledMail(
                id, message.Subject ?? "", message.To.ToString(), message.From.ToString(), message.Date, message.TextBody ?? "",
                message.HtmlBody ?? "");
        }
        catch (Exception exception) when (exception is FormatException or IOException)
        {
            return null; // Somebody put another file there, or removes it at this moment.
        }
    }

    private string FileOf(string id) => Path.Combine(FullPath, id + Extension);

    // The id is a part of an address: it must not lead out of the folder.
    [GeneratedRegex("^[0-9A-Za-z-]{1,100}$")]
    private static partial Regex Id();
}

/// <summary>A mail of the folder.</summary>
/// <param name="Id">The name of its file, without the extension.</param>
internal sealed partial record FiledMail(string Id, string Subject, string To, string From, DateTimeOffset At, string Text, string Html)
{
    /// <summary>The plain text in its parts: links, and what stands around them.</summary>
    public IEnumerable<(string Text, bool IsLink)> TextParts
        => Links().Split(Text).Where(part => part.Length > 0).Select(part => (part, Links().IsMatch(part)));

    [GeneratedRegex(@"(https?://\S+)")]
    private static partial Regex Links();
}
