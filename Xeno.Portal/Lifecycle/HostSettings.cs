using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data;

namespace Xeno.Portal.Lifecycle;

/// <summary>What must be right before the host is built, and what is said when a setting is wrong.</summary>
public static class HostSettings
{
    /// <summary>
    /// Two things that a top-level settings file takes from the framework: <c>ASPNETCORE_URLS</c>, which <c>Urls</c> in the file would hide, is put
    /// above the file and below everything else; and the static files of a build (not a publish) are found in every environment, and kept.
    /// </summary>
    public static WebApplicationBuilder UseTopLevelSettings(this WebApplicationBuilder builder)
    {
        if (Environment.GetEnvironmentVariable("ASPNETCORE_URLS") is { Length: > 0 } urls)
        {
            var sources = ((IConfigurationBuilder)builder.Configuration).Sources;
            var file = sources.Select((source, index) => (source, index)).Last(entry => entry.source is JsonConfigurationSource).index;
            sources.Insert(file + 1, new MemoryConfigurationSource { InitialData = [KeyValuePair.Create(WebHostDefaults.ServerUrlsKey, (string?)urls)] });
        }

        // What fails at the start is thrown as well, and told once: by RunOrExplain, or by the runtime. Of what fails later the host's last word stays.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.WebHost.UseStaticWebAssets();
#if !DEBUG
        // A Release build is served as a publish is: its files do not change, so browsers may keep them.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = bool.FalseString;
#endif
        return builder;
    }

    /// <summary>
    /// Runs the portal. A wrong setting ends it with the sentence that names the key, a database it must not or cannot use with the sentence that
    /// says why, and nothing else; the exit code tells.
    /// </summary>
    public static int RunOrExplain(Action run)
    {
        try
        {
            run();
            return 0;
        }
        catch (OptionsValidationException wrong)
        {
            foreach (var failure in wrong.Failures)
                Console.Error.WriteLine(WithoutFrame(failure));
            return 1;
        }
        catch (InvalidOperationException wrong) when (wrong.Message.StartsWith(BinderComplaint, StringComparison.Ordinal))
        {
            // "Failed to convert configuration value 'x' at 'Section:Key' to type ...": a sentence that names the key already.
            Console.Error.WriteLine(wrong.Message);
            return 1;
        }
        catch (DatabaseRefusalException refusal)
        {
            Console.Error.WriteLine(refusal.Message);
            return 1;
        }
    }

    private const string BinderComplaint = "Failed to convert configuration value";

    // The annotations' validator frames our sentence with the names of the class and the property.
    private static string WithoutFrame(string failure)
    {
        const string frame = "with the error: '";
        var start = failure.IndexOf(frame, StringComparison.Ordinal);
        return start < 0 ? failure : failure[(start + frame.Length)..].TrimEnd('.', '\'') + ".";
    }
}
