using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;

namespace Xeno.Portal.Shell;

/// <summary>
/// The addresses of everything a page loads. Each changes with its content, so browsers keep it for a year. Razor's own <c>Assets</c> knows
/// them for pages only; this also for what an endpoint draws (consent, errors) and for the fonts, which a stylesheet names.
/// </summary>
public sealed class PortalAssets
{
    private readonly Lazy<ResourceAssetCollection> _files;
    private readonly Lazy<ThemeFile> _theme;

    /// <summary>Reads the endpoints at the first use: they are all mapped by then.</summary>
    public PortalAssets(EndpointDataSource endpoints)
    {
        _files = new(() => endpoints.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<ResourceAssetCollection>()).FirstOrDefault(files => files is not null)
            ?? ResourceAssetCollection.Empty);
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

    private static byte[] Compressed(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal))
            brotli.Write(content);
        return compressed.ToArray();
    }
}

/// <summary>The theme's stylesheet, which is made and not a file.</summary>
/// <param name="Content">As it is.</param>
/// <param name="Compressed">By Brotli.</param>
/// <param name="Url">The address it is kept under; it changes with the content.</param>
public sealed record ThemeFile(byte[] Content, byte[] Compressed, string Url);
