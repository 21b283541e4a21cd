using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Data;
using Portal.Data.Migrating;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Nodes;
using Portal.Web.Nodes.Joining;
using Portal.Web.Nodes.Tls;

namespace Portal.Link.Tests.Environment;

/// <summary>The portal's end of the link with a real database, and nothing else of the portal.</summary>
internal sealed class TestPortal : IAsyncDisposable
{
    /// <summary>The setting for the port of plain HTTP; any that is free without it.</summary>
    public const string Port = "TEST_PORT";

    private readonly WebApplication _app;

    private TestPortal(WebApplication app, RecordingAudit audit)
    {
        _app = app;
        Audit = audit;
    }

    public RecordingAudit Audit { get; }

    public IServiceProvider Services => _app.Services;

    public IFleet Fleet => Services.GetRequiredService<IFleet>();

    public INodeClients Clients => Services.GetRequiredService<INodeClients>();

    public ITelemetry Telemetry => Services.GetRequiredService<ITelemetry>();

    public NpgsqlDataSource Database => Services.GetRequiredService<NpgsqlDataSource>();

    public static Actor Admin { get; } = new(Guid.NewGuid(), "admin", "127.0.0.1");

    /// <summary>Plain HTTP on loopback.</summary>
    public Uri Url => Addresses.First(address => address.Scheme == "http");

    /// <summary>The TLS endpoint.</summary>
    public Uri TlsUrl => Addresses.First(address => address.Scheme == "https");

    private IEnumerable<Uri> Addresses =>
        Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(text => new Uri(text));

    /// <summary>Starts one.</summary>
    /// <param name="connectionString">Its database.</param>
    /// <param name="data">Its data folder.</param>
    /// <param name="https">Address of a TLS endpoint, or null.</param>
    /// <param name="settings">More settings.</param>
    public static Task<TestPortal> StartAsync(
        string connectionString, string data, string? https = null, params (string Key, string Value)[] settings) =>
        StartAsync(connectionString, data, _ => { }, https, settings);

    /// <summary>Starts one with services of a test's own.</summary>
    public static async Task<TestPortal> StartAsync(
        string connectionString,
        string data,
        Action<IServiceCollection> overrides,
        string? https = null,
        params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["PORTAL_DATA"] = data;
        builder.Configuration["PORTAL_HTTPS"] = https;
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        var port = int.Parse(builder.Configuration[Port] ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, port);
            kestrel.ListenPortalTls();
        });
        var audit = new RecordingAudit();
        builder.Services.AddSingleton<IAuditLog>(audit);
        builder.Services.AddPortalData(_ => connectionString);
        builder.Services.AddNodes();
        overrides(builder.Services);
        var app = builder.Build();
        app.UseWebSockets();
        app.UsePortalRelay();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapNodeLink();
        await app.Services.GetRequiredService<Migrator>().MigrateAsync(default);
        await app.StartAsync();
        return new TestPortal(app, audit);
    }

    public async Task<string> MakeTokenAsync(NewJoinToken? settings = null)
    {
        var tokens = Services.GetRequiredService<IJoinTokens>();
        return (await tokens.CreateAsync(settings ?? new NewJoinToken(), Admin, default)).Text;
    }

    public NodePresence PresenceOf(Guid nodeId) =>
        Fleet.Current.Nodes.TryGetValue(nodeId, out var node) ? node.Presence : NodePresence.Offline;

    public async Task<long[]> ReadSequencesAsync(Guid nodeId)
    {
        await using var command = Database.CreateCommand("select sequence from node_events where node_id = $1 order by epoch, sequence");
        command.Parameters.Add(new() { Value = nodeId });
        var sequences = new List<long>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            sequences.Add(reader.GetInt64(0));
        }

        return [.. sequences];
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }
}
