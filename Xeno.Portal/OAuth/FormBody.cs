namespace Xeno.Portal.OAuth;

/// <summary>Reads the body of a protocol request as it came, and leaves it readable for those after us (antiforgery).</summary>
internal static class FormBody
{
    private const int Largest = 64 * 1024;
    private const string FormType = "application/x-www-form-urlencoded";

    /// <summary>The bytes of a form-encoded body, or what is wrong with it.</summary>
    public static async Task<(ReadOnlyMemory<byte> Bytes, string? Flaw, int Status)> ReadAsync(HttpRequest request)
    {
        var contentType = request.ContentType;
        if (contentType is null || !contentType.AsSpan(0, contentType.IndexOf(';') is var end and >= 0 ? end : contentType.Length)
                .Trim().Equals(FormType, StringComparison.OrdinalIgnoreCase))
            return (default, OAuthErrors.WrongContentType(contentType), StatusCodes.Status400BadRequest);

        if (request.ContentLength > Largest)
            return (default, OAuthErrors.BodyTooLarge, StatusCodes.Status413PayloadTooLarge);

        request.EnableBuffering(bufferThreshold: Largest);
        try
        {
            using var bytes = new MemoryStream((int)(request.ContentLength ?? 1024));
            var buffer = new byte[8192];
            int read;
            while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
            {
                bytes.Write(buffer, 0, read);
                if (bytes.Length > Largest)
                    return (default, OAuthErrors.BodyTooLarge, StatusCodes.Status413PayloadTooLarge);
            }

            request.Body.Position = 0;
            return (bytes.GetBuffer().AsMemory(0, (int)bytes.Length), null, StatusCodes.Status200OK);
        }
        catch (BadHttpRequestException broken)
        {
            var isTooLarge = broken.StatusCode == StatusCodes.Status413PayloadTooLarge;
            return (default, isTooLarge ? OAuthErrors.BodyTooLarge : OAuthErrors.BodyUnreadable, broken.StatusCode);
        }
    }
}
