using System.Diagnostics;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Data;
using Portal.Data.Entities.Alerts;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Features.Alerts;
using Portal.Web.Features.Alerts.Sending;

namespace Portal.Web.Tests.Features.Alerts;

/// <summary>A portal that is killed while it delivers an alert, with processes of its own: the next one delivers it, and then nobody.</summary>
public sealed class DeliveryKillTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-delivery-").FullName;
    private readonly List<string> _received = [];
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Guid _target = Guid.CreateVersion7();
    private WebApplication _receiver = null!;
    private PortalApplication? _portal;
    private Process? _process;
    private string _database = "";

    public async Task InitializeAsync()
    {
        _database = await (await PostgresCluster.SharedAsync).CreateDatabaseAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _receiver = builder.Build();
        _receiver.Urls.Add("http://127.0.0.1:0");
        _receiver.Run(ReceiveAsync);
        await _receiver.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await KillAsync();
        await _receiver.DisposeAsync();
        if (_portal is not null)
        {
            await _portal.StopAsync(default);
            await _portal.DisposeAsync();
        }

        await (await PostgresCluster.SharedAsync).DropDatabaseAsync(_database);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Delivery_PortalKilledInTheMiddle_ArrivesFromTheNextAndNeverAgain()
    {
        await PrepareAsync();
        _process = Start();
        await _first.Task.WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(60)));

        // The target has the message, and the portal ends before it can note that.
        await KillAsync();
        var interrupted = await ReadAsync(PortalOf());
        Assert.True(interrupted is { SentAt: null, DueAt: not null, Attempts: 0 });

        await PortalOf().StartAsync(default);
        await Eventually.HoldsAsync(async () => await ReadAsync(PortalOf()) is { SentAt: not null });

        // Due no more: no later round takes it. The receiver tells by its id that it has seen it.
        Assert.Null((await ReadAsync(PortalOf())).DueAt);
        lock (_received)
        {
            Assert.Equal([$"{interrupted.Id}", $"{interrupted.Id}"], _received);
        }
    }

    // A target, whose settings only a portal with this data folder can read, and a message that is due. That portal
    // must not send it itself.
    private async Task PrepareAsync()
    {
        var portal = PortalApplication.Create(Flags());
        await portal.StartAsync(default);
        await using (var scope = portal.Services.CreateAsyncScope())
        {
            var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
            var admin = await database.Users.SingleAsync();
            var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, admin.Id.ToString())], "test"));
            var target = new AlertTarget { Id = _target, Name = "receiver", Kind = nameof(TargetKind.Webhook) };
            var settings = new TargetSettings { Url = _receiver.Urls.First() + "/hook", Secret = "s3cret" };
            Assert.Null(await portal.Services.GetRequiredService<AlertDirectory>().SaveTargetAsync(user, target, settings, default));
        }

        await portal.StopAsync(default);
        await portal.DisposeAsync();
        await using var work = await PortalOf().Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        var now = TimeProvider.System.GetUtcNow();
        var message = AlertMessage.Test(now).ToJson();
        work.AlertDeliveries.Add(new AlertDelivery { TargetId = _target, Message = message, CreatedAt = now, DueAt = now });
        await work.SaveChangesAsync();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        bool first;
        lock (_received)
        {
            first = _received.Count == 0;
            _received.Add(context.Request.Headers["X-Portal-Delivery"].ToString());
        }

        if (first)
        {
            _first.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private string[] Flags() =>
    [
        "--http", "127.0.0.1:0", "--db", _database, "--data", Path.Combine(_folder, "data"), "--run", Path.Combine(_folder, "run"),
        "--PORTAL_ADMIN_PASSWORD", "correct-horse-battery", "--PORTAL_OUTGOING_INSIDE", "127.0.0.0/8",
    ];

    private PortalApplication PortalOf() => _portal ??= PortalApplication.Create(Flags());

    private Process Start()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Portal.Web.dll"));
        foreach (var flag in Flags())
        {
            start.ArgumentList.Add(flag);
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    private static async Task<AlertDelivery> ReadAsync(PortalApplication portal)
    {
        await using var work = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        return await work.AlertDeliveries.AsNoTracking().SingleAsync();
    }
}
