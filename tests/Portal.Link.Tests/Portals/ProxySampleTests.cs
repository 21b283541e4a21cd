using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web;
using Portal.Web.Access;
using Portal.Web.Nodes;
using Portal.Web.Nodes.Joining;
using Portal.Web.Tests.Support;

namespace Portal.Link.Tests.Portals;

/// <summary>Two whole portals behind the proxies of <c>deploy/proxies</c>, with and without a prefix: pages, programs, circuits and agents.</summary>
public sealed class ProxySampleTests : IAsyncLifetime
{
    private readonly TestInstance _folders = new();
    private readonly TestAgent _agent = new();
    private readonly List<PortalApplication> _portals = [];
    private ProxyFront? _front;
    private string _database = "";

    public async Task InitializeAsync() => _database = await (await PostgresCluster.SharedAsync).CreateDatabaseAsync();

    public async Task DisposeAsync()
    {
        await Disposal.AllAsync([_agent, _front, .. _portals, _folders]);
        await (await PostgresCluster.SharedAsync).DropDatabaseAsync(_database);
    }

    [Theory]
    [InlineData("nginx.conf", "")]
    [InlineData("nginx-prefix.conf", "/portal")]
    [InlineData("Caddyfile", "")]
    [InlineData("Caddyfile-prefix", "/portal")]
    public async Task Sample_TwoPortals_ServesPagesCircuitsProgramsAndAgents(string sample, string prefix)
    {
        await BeginAsync(sample, prefix);
        using var client = MakeClient();
        var start = new Uri(_front!.Url, $"{prefix}/");

        using var stranger = await client.GetAsync(start);
        Assert.Equal(HttpStatusCode.Redirect, stranger.StatusCode);
        Assert.Equal(new Uri(start, "sign-in").AbsolutePath, new Uri(start, stranger.Headers.Location!).AbsolutePath);
        Assert.Equal(start.Authority, new Uri(start, stranger.Headers.Location!).Authority);

        var page = await client.GetStringAsync(new Uri(start, "sign-in"));
        Assert.Contains($"<base href=\"{prefix}/\"", page, StringComparison.Ordinal);
        using var sheet = await client.GetAsync(new Uri(start, "css/portal.css"));
        Assert.Equal(HttpStatusCode.OK, sheet.StatusCode);

        using var program = new HttpRequestMessage(HttpMethod.Get, new Uri(start, "api/v1/nodes"));
        program.Headers.Accept.ParseAdd("application/json");
        using var api = await client.SendAsync(program);
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);

        using var signedIn = await client.PostSignInAsync("admin", "correct-horse-battery", new Uri(start, "sign-in").ToString());
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single(one => one.StartsWith("portal-session=", StringComparison.Ordinal));
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Dashboard", await client.GetStringAsync(start), StringComparison.Ordinal);

        await CircuitAsync(start, client.Cookies);
        await LinkAsync(start);
    }

    // The transport of pages: what SignalR's client does, up to its handshake.
    private static async Task CircuitAsync(Uri start, CookieContainer cookies)
    {
        using var socket = new ClientWebSocket();
        socket.Options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        socket.Options.Cookies = cookies;
        socket.Options.SetRequestHeader("Origin", start.GetLeftPart(UriPartial.Authority));
        await socket.ConnectAsync(new UriBuilder(new Uri(start, "_blazor")) { Scheme = "wss" }.Uri, default);
        var hello = "{\"protocol\":\"blazorpack\",\"version\":1}\u001e";
        await socket.SendAsync(Encoding.UTF8.GetBytes(hello), WebSocketMessageType.Text, true, default);
        var buffer = new byte[256];
        using var deadline = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(15)));
        var answer = await socket.ReceiveAsync(buffer.AsMemory(), deadline.Token);
        Assert.Equal("{}\u001e", Encoding.UTF8.GetString(buffer, 0, answer.Count));
    }

    private async Task LinkAsync(Uri start)
    {
        var token = await _portals[0].Services.GetRequiredService<IJoinTokens>().CreateAsync(
            new NewJoinToken(), new Actor(Guid.NewGuid(), "admin", "127.0.0.1"), default);
        var node = await _agent.JoinAsync(new Uri(start.ToString().TrimEnd('/')), token.Text);
        await _agent.StartAsync();
        foreach (var portal in _portals)
        {
            var fleet = portal.Services.GetRequiredService<IFleet>();
            await Soon.TrueAsync(
                () => fleet.Current.Nodes.GetValueOrDefault(node)?.Presence == NodePresence.Online, "the node is online at both portals");
        }
    }

    private async Task BeginAsync(string sample, string prefix)
    {
        var certificates = Directory.CreateDirectory(_folders.TempPath("certificates")).FullName;
        ProxyFront.MakeCertificate(certificates);
        var key = _folders.TempPath("secrets.key");
        for (var index = 0; index < 2; index++)
        {
            var portal = PortalApplication.Create(
                [
                    "--http", "127.0.0.1:0", "--db", _database, "--data", Path.Combine(_folders.DataRoot, $"{index}"),
                    "--run", Path.Combine(_folders.RunRoot, $"{index}"), "--proxies", "127.0.0.1", "--hosts", "localhost",
                    "--PORTAL_ADMIN_PASSWORD", "correct-horse-battery", "--PORTAL_PATH_BASE", prefix,
                    "--PORTAL_TLS_CERT", Path.Combine(certificates, "proxy.crt"),
                    .. index == 0 ? Array.Empty<string>() : ["--PORTAL_KEY_FILE", key],
                ],
                builder => builder.Logging.ClearProviders());
            _portals.Add(portal);
            await portal.StartAsync(default);
            File.Copy(Path.Combine(_folders.DataRoot, "0", "portal", "secrets.key"), key, overwrite: true);
        }

        _front = await ProxyFront.StartAsync(sample, certificates, [.. _portals.Select(portal => portal.Address.Port)]);
    }

    private static Browser MakeClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        CookieContainer = new CookieContainer(),
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    });

    private sealed class Browser : HttpClient
    {
        private readonly SocketsHttpHandler _handler;

        public Browser(SocketsHttpHandler handler)
            : base(handler)
        {
            _handler = handler;
            DefaultRequestHeaders.Accept.ParseAdd("text/html");
        }

        public CookieContainer Cookies => _handler.CookieContainer;
    }
}
