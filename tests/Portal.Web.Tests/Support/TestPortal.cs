using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Testing.Databases;
using Portal.Web.Access;
using Portal.Web.Features.Deployments.Holding;
using Portal.Web.Features.Deployments.Reporting;
using Portal.Web.Features.Deployments.Running;
using Portal.Web.Features.Deployments.Spreading;
using Portal.Web.Nodes;

namespace Portal.Web.Tests.Support;

/// <summary>The real portal on a free port with a database of its own: <c>IClassFixture&lt;TestPortal&gt;</c>.</summary>
public sealed class TestPortal : IAsyncLifetime
{
    public const string AdminPassword = "correct-horse-battery";
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-web-test-").FullName;
    private static int s_clients;
    private PortalApplication? _application;

    /// <summary>Its nodes.</summary>
    public FakeFleet Fleet { get; } = new();

    /// <summary>What all portals of the database have otherwise than the real one.</summary>
    internal Action<WebApplicationBuilder>? Overrides { get; init; }

    /// <summary>Settings beyond those that every test's portal has.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    public string ConnectionString { get; private set; } = "";

    public string DataFolder => Path.Combine(_folder, "data");

    public string RunFolder => Path.Combine(_folder, "run");

    /// <summary>All that was logged, as text.</summary>
    public LogRecorder Logs { get; } = new();

    public IServiceProvider Services => _application!.Services;

    public Uri Address => _application!.Address;

    public async Task InitializeAsync()
    {
        ConnectionString = await (await PostgresCluster.SharedAsync).CreateDatabaseAsync();
        _application = Create(["--PORTAL_ADMIN_PASSWORD", AdminPassword, .. Flags]);
        await _application.StartAsync(default);
    }

    public async Task DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.StopAsync(default);
            await _application.DisposeAsync();
        }

        await (await PostgresCluster.SharedAsync).DropDatabaseAsync(ConnectionString);
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A further portal on the same database.</summary>
    public PortalApplication Create(string[] flags, Action<WebApplicationBuilder>? overrides = null)
    {
        string[] own =
        [
            "--http", "127.0.0.1:0", "--db", ConnectionString, "--data", DataFolder, "--run", RunFolder, .. flags,
        ];
        return PortalApplication.Create(own, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(Logs);
            builder.Services.RemoveAll<IFleet>();

            // Deployments are worked on by the tests that are about them.
            builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(DeploymentWorker)));
            builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(HeldDeploymentWorker)));
            builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(SpreadKeeper)));
            builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(AwayNodeKeeper)));
            builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(CommitReportWorker)));
            builder.Services.AddSingleton<IFleet>(Fleet);
            Overrides?.Invoke(builder);
            overrides?.Invoke(builder);
        });
    }

    /// <summary>A browser without a session; it keeps cookies and follows no redirects.</summary>
    public HttpClient CreateClient(Uri? address = null)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            CookieContainer = new CookieContainer(),
            ConnectCallback = ConnectFromOwnAddressAsync,
        };
        var client = new HttpClient(handler) { BaseAddress = address ?? Address };
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        return client;
    }

    /// <summary>Makes a person with <see cref="AdminPassword"/> as password.</summary>
    /// <summary>Has something done by a person who may do all then, and no more than before afterwards: a token is good for what they may by then.</summary>
    public async Task<T> WhileAdministratorAsync<T>(Guid personId, Func<Task<T>> act)
    {
        var grant = new Grant { Id = Guid.CreateVersion7(), UserId = personId, Role = BuiltInRoles.Administrator };
        await using var scope = Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var has = await database.Grants.AnyAsync(
            row => row.UserId == personId && row.Role == grant.Role && row.NodeId == null && row.EnvironmentId == null);
        if (!has)
        {
            database.Grants.Add(grant);
            await database.SaveChangesAsync();
        }

        try
        {
            return await act();
        }
        finally
        {
            await database.Grants.Where(row => row.Id == grant.Id).ExecuteDeleteAsync();
        }
    }

    public async Task<Guid> AddPersonAsync(string userName, string? role, Guid? nodeId = null)
    {
        await using var scope = Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var user = new PortalUser { Id = Guid.CreateVersion7(), UserName = userName, CreatedAt = TimeProvider.System.GetUtcNow() };
        var result = await users.CreateAsync(user, AdminPassword);
        Assert.True(result.Succeeded, string.Join(' ', result.Errors.Select(error => error.Description)));
        if (role is not null)
        {
            var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
            database.Grants.Add(new Grant { Id = Guid.CreateVersion7(), UserId = user.Id, Role = role, NodeId = nodeId, CreatedAt = user.CreatedAt });
            await database.SaveChangesAsync();
        }

        return user.Id;
    }

    /// <summary>Writes a node into the database and the fleet, as if it had joined.</summary>
    public async Task<Guid> AddNodeAsync(string name)
    {
        var node = FakeFleet.Node(name);
        await using var scope = Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        await database.Database.ExecuteSqlAsync(
            $"""
            insert into nodes (id, name, public_key, hostname, agent_version, labels, joined_at, event_epoch, last_sequence)
            values ({node.Id}, {name}, {Array.Empty<byte>()}, {name}, '0.1.0', cast({"{}"} as jsonb), now(), 0, 0)
            """);
        Fleet.Set(node);
        return node.Id;
    }

    // Attempts to sign in are counted by address: each client has its own of 127.0.0.0/8, so that tests don't use up each other's.
    private static async ValueTask<Stream> ConnectFromOwnAddressAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var number = (uint)Interlocked.Increment(ref s_clients);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(new IPAddress([127, 77, (byte)(number >> 8), (byte)number]), 0));
        await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>A browser that is signed in.</summary>
    public async Task<HttpClient> SignInAsync(string userName = "admin", string password = AdminPassword)
    {
        var client = CreateClient();
        using var answer = await client.PostSignInAsync(userName, password);
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync());
        return client;
    }
}
