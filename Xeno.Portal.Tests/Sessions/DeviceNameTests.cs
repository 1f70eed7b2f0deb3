using Microsoft.AspNetCore.Http;
using Xeno.Portal.Sessions;

namespace Xeno.Portal.Tests.Sessions;

[Trait("Category", "Fast")]
public sealed class DeviceNameTests
{
    private const string Windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)";
    private const string MacOS = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)";
    private const string IPhone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
    private const string Android = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko)";

    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux")]
    [InlineData(Windows + " Chrome/139.0.0.0 Safari/537.36", "Chrome on Windows")]
    [InlineData(Windows + " Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0", "Edge on Windows")]
    [InlineData(MacOS + " Version/18.5 Safari/605.1.15", "Safari on macOS")]
    [InlineData(IPhone + " CriOS/139.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone")]
    [InlineData(Android + " Chrome/139.0.0.0 Mobile Safari/537.36", "Chrome on Android")]
    [InlineData("curl/8.14.1", null)]
    [InlineData("", null)]
    [InlineData("Firefox/1.0 <script>alert(1)</script>", "Firefox")]
    public void Only_known_names_of_browsers_and_systems_are_kept(string agent, string? name)
        => Assert.Equal(name, DeviceName.Of(new DefaultHttpContext { Request = { Headers = { UserAgent = agent } } }.Request));
}
