using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Xeno.Portal.Bench;

/// <summary>A server that can be measured: how it starts, and which requests an app sends to it.</summary>
internal abstract class Subject
{
    /// <summary>Its name in the tables.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it is a .NET program, whose allocations can be measured.</summary>
    public abstract bool IsDotNet { get; }

    /// <summary>A path that answers 200 as soon as the server serves.</summary>
    public abstract string FirstAnswer { get; }

    /// <summary>The same at every start: the demo app's redirect URI has the port in it.</summary>
    public int Port { get; } = FreePort();

    /// <summary>The command that serves the store in <paramref name="folder"/> on <see cref="Port"/>.</summary>
    public abstract ProcessStartInfo Command(string folder);

    /// <summary>Runs the server once, so that it creates its store, and adds an app with a known secret.</summary>
    public abstract Task MakeStoreAsync(string folder);

    /// <summary>Signs in and installs the app once, so that its consent is remembered from then on.</summary>
    public abstract Task<Flow> EnterAsync(Uri origin);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>The requests of one app on one signed-in account.</summary>
/// <param name="AuthorizePath">Path and query of the authorization request.</param>
/// <param name="Cookie">The signed-in browser's cookies.</param>
/// <param name="AuthorizeStatus">The status of an authorization that passes by remembered consent.</param>
/// <param name="ClientForm">Client ID and Client Secret, form-encoded.</param>
/// <param name="ExchangeForm">The parameters of the token request without the code.</param>
/// <param name="ApiBody">A text that the API's answer must contain.</param>
internal sealed record Flow(
    string AuthorizePath, string Cookie, int AuthorizeStatus, string TokenPath, string ClientForm, string ExchangeForm,
    string ApiPath, string ApiBody, string IntrospectPath, string RevokePath);
