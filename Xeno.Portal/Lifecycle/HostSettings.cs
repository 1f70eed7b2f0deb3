using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data;

namespace Xeno.Portal.Lifecycle;

/// <summary>Where settings come from, and the message when one is wrong.</summary>
public static class HostSettings
{
    /// <summary>
    /// Corrects two effects of a settings file beside the program. <c>Urls</c> in the file would hide <c>ASPNETCORE_URLS</c>, so that
    /// variable is put above the file and below all other sources. And the static files of a build (not a publish) are found in every
    /// environment.
    /// </summary>
    public static WebApplicationBuilder UseTopLevelSettings(this WebApplicationBuilder builder)
    {
        if (Environment.GetEnvironmentVariable("ASPNETCORE_URLS") is { Length: > 0 } urls)
        {
            var sources = ((IConfigurationBuilder)builder.Configuration).Sources;
            var file = sources.Select((source, index) => (source, index)).Last(entry => entry.source is JsonConfigurationSource).index;
            sources.Insert(file + 1, new MemoryConfigurationSource
            {
                InitialData = [KeyValuePair.Create(WebHostDefaults.ServerUrlsKey, (string?)urls)],
            });
        }

        // The host logs a failed start and throws it too. RunOrExplain, or the runtime, prints it; once is enough.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.WebHost.UseStaticWebAssets();
#if !DEBUG
        // The files of a Release build do not change, so browsers may keep them, as those of a publish.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = bool.FalseString;
#endif
        return builder;
    }

    /// <summary>
    /// Runs the portal and returns its exit code. A wrong setting ends it with one sentence that names the key; a database that it cannot
    /// or must not use, with one sentence that says why. Both exit codes are 1.
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
            Explain(wrong);
            return 1;
        }
        catch (AggregateException several) when (several.InnerExceptions.All(wrong => wrong is OptionsValidationException))
        {
            // Settings of several options classes are wrong.
            foreach (var wrong in several.InnerExceptions.Cast<OptionsValidationException>())
                Explain(wrong);
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

    private static void Explain(OptionsValidationException wrong)
    {
        foreach (var failure in wrong.Failures)
            Console.Error.WriteLine(WithoutFrame(failure));
    }

    private const string BinderComplaint = "Failed to convert configuration value";

    // The framework's validator puts the names of class and property round our sentence.
    private static string WithoutFrame(string failure)
    {
        const string frame = "with the error: '";
        var start = failure.IndexOf(frame, StringComparison.Ordinal);
        return start < 0 ? failure : failure[(start + frame.Length)..].TrimEnd('.', '\'') + ".";
    }
}
