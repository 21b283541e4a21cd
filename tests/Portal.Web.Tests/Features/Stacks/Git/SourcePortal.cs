using System.Net.Http.Headers;
using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Portal.Testing.Git;
using Portal.Web.Access;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Sources;
using Portal.Web.Features.Tokens;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Stacks.Git;

/// <summary>A portal that may reach a server of Git on this host, and that server: <c>IClassFixture&lt;SourcePortal&gt;</c>.</summary>
public sealed class SourcePortal : IAsyncLifetime
{
    private static int s_number;

    public TestPortal Portal { get; } = new() { Flags = ["--PORTAL_OUTGOING_INSIDE", "127.0.0.0/8"] };

    public GitWorld World { get; } = new();

    public IServiceProvider Services => Portal.Services;

    public async Task InitializeAsync()
    {
        await World.InitializeAsync();
        await Portal.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await Portal.DisposeAsync();
        await World.DisposeAsync();
    }

    public StackSourceInput Input(string name, string secret = GitServer.Password) => new()
    {
        Address = World.AddressOf(name),
        Reference = "main",
        UserName = GitServer.User,
        Secret = secret,
        Certificates = World.Certificates,
    };

    /// <summary>Somebody who may edit it, and a stack of one file and one value, by a name that a repository may have too.</summary>
    public async Task<(ClaimsPrincipal User, Guid Id, string Name)> StackAsync()
    {
        var name = $"source-{Interlocked.Increment(ref s_number)}";
        var user = await PersonAsync(BuiltInRoles.Deployer, null);
        var node = await Portal.AddNodeAsync(name);
        var draft = new StackDraft(null, node, name, 0, "services: {web: {image: none}}", "TAG=1", "");
        return (user, await Services.GetRequiredService<StackDirectory>().SaveAsync(user, draft, default), name);
    }

    public async Task<ClaimsPrincipal> PersonAsync(string role, Guid? node)
    {
        var name = $"sourcer-{Interlocked.Increment(ref s_number)}";
        var id = await Portal.AddPersonAsync(name, role, node);
        return new ClaimsPrincipal(
            new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id.ToString()), new Claim(ClaimTypes.Name, name)], "test"));
    }

    /// <summary>A program with a token of somebody.</summary>
    public async Task<HttpClient> ProgramAsync(ClaimsPrincipal person)
    {
        var personId = Guid.Parse(person.FindFirstValue(ClaimTypes.NameIdentifier)!);
        var change = await Portal.WhileAdministratorAsync(
            personId, () => Services.GetRequiredService<TokenDirectory>().CreateAsync(person, new TokenInput { Name = "program" }, default));
        Assert.Null(change.Error);
        var client = Portal.CreateClient();
        client.DefaultRequestHeaders.Accept.Clear();
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", change.Text);
        return client;
    }
}
