using System.Net.WebSockets;
using System.Security.Claims;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portal.Testing;
using Portal.Web.Access;
using Portal.Web.Features.Consoles;
using Portal.Web.Features.Containers;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Consoles;

/// <summary>What a page's terminal does to open a console.</summary>
internal static class ConsoleClient
{
    /// <summary>Makes a developer, signs them in, and opens a console with a ticket of theirs.</summary>
    public static async Task<ClientWebSocket> OpenAsync(
        TestPortal portal, PortalApplication application, string name, Uri through)
    {
        var person = await portal.AddPersonAsync(name, BuiltInRoles.Developer);
        using var browser = portal.CreateClient(application.Address);
        using var answer = await browser.PostSignInAsync(name, TestPortal.AdminPassword);
        var session = answer.Headers.GetValues("Set-Cookie").Single(
            cookie => cookie.StartsWith("portal-session=", StringComparison.Ordinal));
        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, person.ToString())], "test"));
        var request = new ConsoleRequest(new ContainerKey(Guid.NewGuid(), "c", "c"), [], "");
        var ticket = application.Services.GetRequiredService<ConsoleTickets>().Issue(user, request);
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", session.Split(';')[0]);
        var address = new UriBuilder(through) { Scheme = "ws", Path = "/api/v1/consoles/" + ticket };
        await socket.ConnectAsync(address.Uri, default);
        Assert.Contains("opened", await ReadAsync(socket), StringComparison.Ordinal);
        return socket;
    }

    public static async Task<string> ReadAsync(ClientWebSocket socket)
    {
        using var deadline = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(20)));
        var buffer = new byte[4096];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), deadline.Token);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }
}
