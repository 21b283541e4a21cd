using System.Net.Http.Headers;
using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Features.Tokens;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Rest;

/// <summary>The whole portal but for its nodes, of which there are two, as programs see it: one for all tests of the REST API.</summary>
public sealed class RestPortal : IAsyncLifetime
{
    private int _people;
    private PortalApplication? _application;

    public TestPortal Portal { get; } = new();

    public IServiceProvider Services => _application!.Services;

    public Uri Address => _application!.Address;

    /// <summary>With two containers: <c>web</c> runs, <c>job</c> has ended.</summary>
    public Guid NodeId { get; private set; }

    public Guid OtherNodeId { get; private set; }

    internal FakeNodes Nodes { get; } = new();

    public async Task InitializeAsync()
    {
        await Portal.InitializeAsync();
        _application = Portal.Create([], builder =>
        {
            builder.Services.RemoveAll<INodeClients>();
            builder.Services.AddSingleton<INodeClients>(Nodes);
        });
        await _application.StartAsync(default);
        NodeId = await Portal.AddNodeAsync("rest-one");
        OtherNodeId = await Portal.AddNodeAsync("rest-two");
    }

    public async Task DisposeAsync()
    {
        await _application!.StopAsync(default);
        await _application.DisposeAsync();
        await Portal.DisposeAsync();
    }

    /// <summary>A program with a token of somebody new who has the role: on everything, or on a node.</summary>
    public async Task<HttpClient> ProgramAsync(string? role, Guid? nodeId = null)
    {
        var name = $"program-{Interlocked.Increment(ref _people)}";
        return await ProgramOfAsync(await Portal.AddPersonAsync(name, role, nodeId));
    }

    public async Task<HttpClient> ProgramOfAsync(Guid personId, Uri? address = null)
    {
        var person = new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, personId.ToString()), new Claim(ClaimTypes.Name, "maker")], "test"));
        var change = await Portal.WhileAdministratorAsync(
            personId, () => Services.GetRequiredService<TokenDirectory>().CreateAsync(person, new TokenInput { Name = "program" }, default));
        Assert.Null(change.Error);
        var client = Portal.CreateClient(address ?? Address);
        client.DefaultRequestHeaders.Accept.Clear();
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", change.Text);
        return client;
    }

    /// <summary>A further portal on the same database and the same nodes.</summary>
    public PortalApplication CreateSecond() => Portal.Create([], builder =>
    {
        builder.Services.RemoveAll<INodeClients>();
        builder.Services.AddSingleton<INodeClients>(Nodes);
    });
}
