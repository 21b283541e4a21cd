using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Testing;
using Portal.Web.Features.Consoles;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Consoles;

/// <summary>A proxy cuts what is silent for its idle limit. A console in which nobody types is silent, but for its pings.</summary>
public sealed class ConsoleBehindNginxTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const int IdleLimit = 4;

    [Theory]
    [InlineData(250, true)]
    [InlineData(3_600_000, false)]
    public async Task Silence_LongerThanTheProxysLimit_IsSurvivedByPingsAlone(int interval, bool survives)
    {
        await using var application = portal.Create([], builder =>
        {
            builder.Services.RemoveAll<INodeClients>();
            builder.Services.AddSingleton<INodeClients>(new EndlessConsole());
            builder.Services.Configure<ConsoleOptions>(options => options.KeepAliveInterval = TimeSpan.FromMilliseconds(interval));
        });
        await application.StartAsync(default);
        await using var nginx = await NginxFront.StartAsync(application.Address, IdleLimit);
        using var socket = await ConsoleClient.OpenAsync(portal, application, $"behind-nginx-{interval}", nginx.Address);

        // Nothing comes; reading is what answers pings.
        using var enough = new CancellationTokenSource();
        enough.CancelAfter(survives ? TimeSpan.FromSeconds(2.5 * IdleLimit) : TestSettings.Within(TimeSpan.FromSeconds(10 * IdleLimit)));
        var ended = await EndAsync(socket, enough.Token);

        Assert.Equal(!survives, ended);
        await application.StopAsync(default);
    }

    private static async Task<bool> EndAsync(ClientWebSocket socket, CancellationToken enough)
    {
        try
        {
            var received = await socket.ReceiveAsync(new byte[100].AsMemory(), enough);
            return received.MessageType == WebSocketMessageType.Close;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (WebSocketException)
        {
            return true;
        }
    }
}
