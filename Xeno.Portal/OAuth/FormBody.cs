using System.Buffers;

namespace Xeno.Portal.OAuth;

/// <summary>Reads the body of a protocol request as bytes, at most 64 KiB.</summary>
internal static class FormBody
{
    private const int Largest = 64 * 1024;
    private const string FormType = "application/x-www-form-urlencoded";

    /// <summary>The bytes of a form-encoded body, or what is wrong with it and the status for that.</summary>
    /// <param name="canBeReadAgain">True for a form that is read again later, for its antiforgery token.</param>
    public static async ValueTask<(ReadOnlyMemory<byte> Bytes, string? Flaw, int Status)> ReadAsync(
        HttpRequest request, bool canBeReadAgain = false)
    {
        var contentType = request.ContentType;
        if (contentType is null || !contentType.AsSpan(0, contentType.IndexOf(';') is var end and >= 0 ? end : contentType.Length)
                .Trim().Equals(FormType, StringComparison.OrdinalIgnoreCase))
            return (default, OAuthErrors.WrongContentType(contentType), StatusCodes.Status400BadRequest);

        if (request.ContentLength > Largest)
            return (default, OAuthErrors.BodyTooLarge, StatusCodes.Status413PayloadTooLarge);

        try
        {
            if (canBeReadAgain)
                request.EnableBuffering(bufferThreshold: Largest);
            while (true)
            {
                var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
                if (read.Buffer.Length > Largest)
                    return (default, OAuthErrors.BodyTooLarge, StatusCodes.Status413PayloadTooLarge);
                if (read.IsCompleted)
                {
                    var bytes = read.Buffer.ToArray();
                    request.BodyReader.AdvanceTo(read.Buffer.End);
                    if (canBeReadAgain)
                        request.Body.Position = 0;
                    return (bytes, null, StatusCodes.Status200OK);
                }

                request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (BadHttpRequestException broken)
        {
            var isTooLarge = broken.StatusCode == StatusCodes.Status413PayloadTooLarge;
            return (default, isTooLarge ? OAuthErrors.BodyTooLarge : OAuthErrors.BodyUnreadable, broken.StatusCode);
        }
        catch (Exception broken) when (broken is IOException or InvalidOperationException)
        {
            // A chunk with an impossible size, NUL after the last chunk, or a closed connection.
            return (default, OAuthErrors.BodyUnreadable, StatusCodes.Status400BadRequest);
        }
    }
}
