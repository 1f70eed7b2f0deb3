using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.Extensions.Options;

namespace Xeno.Portal.Shell;

/// <summary>
/// What happens to a form whose antiforgery token does not fit: the browser lost its cookies or does not keep them, or somebody signed in
/// or out in another tab since the page was opened. The form is not processed. The page is drawn again as if by GET, with a note and with
/// what was typed (<see cref="LostForm"/>), so that it can be sent once more or lead on.
/// </summary>
internal sealed class LostForms(RequestDelegate next, IOptions<AntiforgeryOptions> antiforgery)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (!HttpMethods.IsPost(context.Request.Method) || metadata?.GetMetadata<ComponentTypeMetadata>() is null)
        {
            await next(context);
            return;
        }

        if (context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false })
        {
            await next(context);
            LeaveToStatusPages(context.Response);
            return;
        }

        // The framework forbids to read a form without a valid token. This one is only shown again.
        context.Features.Set<IAntiforgeryValidationFeature>(null);
        var lost = new LostForm(
            await FieldsAsync(context.Request), context.Request.Cookies.ContainsKey(antiforgery.Value.Cookie.Name!));
        context.Features.Set(lost);
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        if (lost.NeedsCookies || metadata.GetMetadata<FormPageAttribute>() is null)
            return; // The page of refusals explains it.

        context.Request.Method = HttpMethods.Get;
        await next(context);
        context.Request.Method = HttpMethods.Post;
    }

    /// <summary>
    /// The framework sets a content type before it refuses a form that names no handler. The status pages take that for a finished answer,
    /// and the browser would show an empty page.
    /// </summary>
    private static void LeaveToStatusPages(HttpResponse response)
    {
        if (response is { HasStarted: false, StatusCode: >= StatusCodes.Status400BadRequest })
            response.ContentType = null;
    }

    private static async Task<IFormCollection> FieldsAsync(HttpRequest request)
    {
        try
        {
            return request.HasFormContentType ? await request.ReadFormAsync(request.HttpContext.RequestAborted) : FormCollection.Empty;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            return FormCollection.Empty; // The body itself cannot be read. That is why the token was not found.
        }
    }
}

/// <summary>A form that was not taken, while its page is drawn again.</summary>
/// <param name="fields">What was sent.</param>
/// <param name="hadCookie">Whether the browser sent the cookie of forms.</param>
internal sealed class LostForm(IFormCollection fields, bool hadCookie)
{
    /// <summary>The hidden field of a form that is shown again after it was not taken.</summary>
    public const string ShownAgain = "_shown-again";

    /// <summary>
    /// Whether the browser keeps no cookies of this site: it sent the form, got a new cookie with the page, and sent the form again without
    /// it.
    /// </summary>
    public bool NeedsCookies => !hadCookie && fields.ContainsKey(ShownAgain);

    /// <summary>What was typed in the field; null: nothing. Never ask for a password: it is not sent back.</summary>
    public string? Value(string field) => fields.TryGetValue(field, out var typed) ? typed.ToString() : null;
}

/// <summary>
/// Marks a page with a form that the server takes without a circuit. Such a page draws <c>LostFormNote</c> in its form, and puts back what
/// was typed.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class FormPageAttribute : Attribute;
