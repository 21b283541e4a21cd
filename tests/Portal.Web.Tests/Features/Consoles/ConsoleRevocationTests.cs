using System.Net.WebSockets;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Testing;
using Portal.Web.Access;
using Portal.Web.Features.Consoles;
using Portal.Web.Features.Containers;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Consoles;

/// <summary>A console that is open must not outlive what allowed it.</summary>
public sealed class ConsoleRevocationTests(TestPortal portal) : IClassFixture<TestPortal>, IAsyncLifetime
{
    private static readonly TimeSpan s_soon = TestSettings.Within(TimeSpan.FromSeconds(20));
    private readonly EndlessConsole _node = new();
    private PortalApplication _application = null!;

    public async Task InitializeAsync()
    {
        _application = portal.Create([], builder =>
        {
            builder.Services.RemoveAll<INodeClients>();
            builder.Services.AddSingleton<INodeClients>(_node);
        });
        await _application.StartAsync(default);
    }

    public async Task DisposeAsync()
    {
        await _application.StopAsync(default);
        await _application.DisposeAsync();
    }

    [Fact]
    public async Task Console_GrantTakenAway_Ends()
    {
        var (person, socket) = await OpenAsync("granted");

        await ChangeAsync(services => services.GetRequiredService<PortalDbContext>().Grants
            .Where(grant => grant.UserId == person).ExecuteDeleteAsync());

        await EndsAsync(socket);
    }

    [Fact]
    public async Task Console_PersonDisabled_Ends()
    {
        var (person, socket) = await OpenAsync("to-be-disabled");

        await ChangeAsync(services => services.GetRequiredService<PortalDbContext>().Users.Where(user => user.Id == person)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.DisabledAt, TimeProvider.System.GetUtcNow())));

        await EndsAsync(socket);
    }

    [Fact]
    public async Task Console_SessionEndedByANewPassword_Ends()
    {
        var (person, socket) = await OpenAsync("stolen-session");

        await ChangeAsync(async services =>
        {
            var users = services.GetRequiredService<UserManager<PortalUser>>();
            await users.UpdateSecurityStampAsync((await users.FindByIdAsync(person.ToString()))!);
        });

        await EndsAsync(socket);
    }

    private async Task<(Guid Person, ClientWebSocket Socket)> OpenAsync(string name)
    {
        var person = await portal.AddPersonAsync(name, BuiltInRoles.Developer);
        using var browser = portal.CreateClient(_application.Address);
        using var answer = await browser.PostSignInAsync(name, TestPortal.AdminPassword);
        var session = answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("portal-session=", StringComparison.Ordinal));
        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, person.ToString())], "test"));
        var request = new ConsoleRequest(new ContainerKey(Guid.NewGuid(), "c", "c"), [], "");
        var ticket = _application.Services.GetRequiredService<ConsoleTickets>().Issue(user, request);
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", session.Split(';')[0]);
        var address = new UriBuilder(_application.Address) { Scheme = "ws", Path = "/api/v1/consoles/" + ticket };
        await socket.ConnectAsync(address.Uri, default);
        Assert.Contains("opened", await ReadAsync(socket), StringComparison.Ordinal);
        return (person, socket);
    }

    private async Task EndsAsync(ClientWebSocket socket)
    {
        using (socket)
        {
            Assert.Contains("may no longer have this console", await ReadAsync(socket), StringComparison.Ordinal);
        }

        await _node.Ended.WaitAsync(s_soon);
    }

    private static async Task<string> ReadAsync(ClientWebSocket socket)
    {
        using var deadline = new CancellationTokenSource(s_soon);
        var buffer = new byte[4096];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), deadline.Token);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    private async Task ChangeAsync(Func<IServiceProvider, Task> change)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        await change(scope.ServiceProvider);
    }
}
