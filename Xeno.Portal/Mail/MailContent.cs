namespace Xeno.Portal.Mail;

/// <summary>
/// What a mail says. Both versions, HTML and plain text, are drawn from it, so they never differ. A name that somebody chose is marked by
/// <c>Isolated()</c> wherever it stands in a text; markup in a text is shown as it is written.
/// </summary>
/// <param name="Subject">One line. Control characters become spaces, and the marks of names are taken out.</param>
/// <param name="Heading">One short sentence at the top.</param>
/// <param name="Paragraphs">What happened, and what to do.</param>
/// <param name="Button">The one link; null: the mail has none.</param>
/// <param name="Footer">One sentence at the end: why the person gets this mail.</param>
public sealed record MailContent(
    string Subject, string Heading, IReadOnlyList<string> Paragraphs, MailButton? Button, string Footer);

/// <summary>The link of a mail.</summary>
/// <param name="Text">What it does: a verb, such as "Confirm e-mail".</param>
/// <param name="Path">An address of this portal, from <c>PortalUrls</c>, with its query. It is made absolute from the issuer.</param>
public sealed record MailButton(string Text, string Path);
