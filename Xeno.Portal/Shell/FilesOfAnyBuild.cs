namespace Xeno.Portal.Shell;

/// <summary>
/// Answers the name that another build has given a file with this build's version of it. While nodes are updated one after the other, a
/// page of one build asks a node of the other for its files; a "not found" would leave it without styles, or dead. Such an answer is not
/// cached (<c>no-cache</c>, RFC 9111 section 5.2.2.4): under that name the other build has other content.
/// </summary>
internal sealed class FilesOfAnyBuild(RequestDelegate next, PortalAssets assets)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if ((HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && assets.OwnFileFor(request.Path) is { } own)
        {
            request.Path = own;
            context.Response.OnStarting(() =>
            {
                context.Response.Headers.CacheControl = "no-cache";
                return Task.CompletedTask;
            });
        }

        return next(context);
    }
}
