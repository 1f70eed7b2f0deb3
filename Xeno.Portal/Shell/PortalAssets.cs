using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;

namespace Xeno.Portal.Shell;

/// <summary>
/// The addresses of all files that pages load. An address changes with the file's content, so browsers may cache it for a year. Razor's own
/// <c>Assets</c> knows them in pages only; this service also serves pages that an endpoint draws (consent, errors) and the stylesheet.
/// </summary>
/// <remarks>
/// The theme's stylesheet is built here and not by <c>MapStaticAssets</c>, because it names the fonts: the framework does not rewrite a
/// <c>url()</c> in a static file, so the fonts would lose their fingerprinted addresses, and every page would ask for them again.
/// </remarks>
public sealed partial class PortalAssets
{
    private readonly Lazy<ResourceAssetCollection> _files;
    private readonly Lazy<HashSet<string>> _names;
    private readonly Lazy<ThemeFile> _theme;

    /// <summary>Reads the endpoints at the first use, when all of them are mapped.</summary>
    public PortalAssets(EndpointDataSource endpoints)
    {
        _files = new(() => endpoints.Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<ResourceAssetCollection>())
            .FirstOrDefault(files => files is not null)
            ?? throw new InvalidOperationException("The addresses of files were asked for before the static files were mapped."));
        _names = new(() => _files.Value.Select(file => $"/{file.Url}").ToHashSet(StringComparer.Ordinal));
        _theme = new(() =>
        {
            var content = Encoding.UTF8.GetBytes(PortalTheme.Stylesheet(font => $"/{this[font]}"));
            return new ThemeFile(content, Compressed(content), $"/theme.{Convert.ToHexStringLower(SHA256.HashData(content))[..10]}.css");
        });
    }

    /// <summary>The address of a file under <c>wwwroot</c>, relative to the site's root.</summary>
    public string this[string path] => _files.Value[path];

    /// <summary>The theme's stylesheet.</summary>
    public ThemeFile Theme => _theme.Value;

    /// <summary>
    /// The address of this build's version of a file, where <paramref name="path"/> is the address that another build has given it: the
    /// same but for the fingerprint. Null where this build has a file of that very address, or none of that name.
    /// </summary>
    public string? OwnFileFor(PathString path)
    {
        if (path.Value is not { } address || !address.Contains('.', StringComparison.Ordinal) || _names.Value.Contains(address))
            return null;
        var name = Fingerprinted().Match(address);
        return name.Success && $"{name.Groups[1]}{name.Groups[2]}" is var own && _names.Value.Contains(own) ? own : null;
    }

    // The SDK's fingerprint is ten letters and digits before the extension: portal.y6ombju3rd.js.
    [GeneratedRegex(@"^(/.+)\.[a-z0-9]{10}(\.[a-z0-9]+)$")]
    private static partial Regex Fingerprinted();

    private static byte[] Compressed(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal))
            brotli.Write(content);
        return compressed.ToArray();
    }
}

/// <summary>The theme's stylesheet, built from <see cref="PortalTheme"/>.</summary>
/// <param name="Content">The stylesheet in UTF-8.</param>
/// <param name="Compressed">The same, compressed by Brotli: 787 bytes instead of 2,992 (docs/performance.md).</param>
/// <param name="Url">Its address, which changes with the content.</param>
public sealed record ThemeFile(byte[] Content, byte[] Compressed, string Url);
