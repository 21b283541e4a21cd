using System.Globalization;
using System.Security.Claims;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Permissions;
using Portal.Contracts.Registries.V1;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Images;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Registries;
using Portal.Web.Features.Registries.Storage;
using Portal.Web.Features.Policies.Enforcing;
using Portal.Web.Languages;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Registries;

public sealed class RegistryDirectoryTests(TestPortal portal) : IClassFixture<TestPortal>, IAsyncLifetime
{
    private const string Secret = "p4ssw0rd-that-nobody-sees";
    private readonly RecordingNode _node = new();
    private ClaimsPrincipal _operator = new();

    private RegistryDirectory Directory => portal.Services.GetRequiredService<RegistryDirectory>();

    private IRegistryCredentials Credentials => portal.Services.GetRequiredService<IRegistryCredentials>();

    private AuthorizedNodeCalls Calls => new(
        portal.Services.GetRequiredService<IAuthorizer>(), portal.Services.GetRequiredService<PolicyGuard>(), _node, portal.Fleet,
        portal.Services.GetRequiredService<IAuditLog>());

    private RegistryQueries Queries => new(Calls, portal.Services.GetRequiredService<IAuthorizer>(), Credentials);

    public async Task InitializeAsync()
    {
        await using var context = await ContextAsync();
        await context.Registries.ExecuteDeleteAsync();
        _operator = await PersonAsync(BuiltInRoles.Operator);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task SaveAsync_Login_IsGivenToPullsOfItsImagesAndShownToNobody()
    {
        Assert.Null(await Directory.SaveAsync(_operator, Input("https://Registry.example.com:5000/v2/"), default));

        var login = await Credentials.FindAsync("registry.example.com:5000/team/app:1", default);
        Assert.Equal(("ada", Secret), (login!.Username, login.Password));
        Assert.Null(await Credentials.FindAsync("busybox", default));
        Assert.Null(await Credentials.FindAsync("registry.example.com/team/app:1", default));

        var entry = Assert.Single(await Directory.ListAsync(_operator, default));
        Assert.Equal(("registry.example.com:5000", "ada", true), (entry.Host, entry.UserName, entry.HasLogin));
        await using var context = await ContextAsync();
        Assert.DoesNotContain(Secret, (await context.Registries.SingleAsync()).Secret!, StringComparison.Ordinal);
        Assert.DoesNotContain(portal.Logs.Lines, line => line.Contains(Secret, StringComparison.Ordinal));
        Assert.DoesNotContain(await context.AuditLog.Select(record => record.Detail).ToListAsync(), detail => detail.Contains(Secret));
    }

    [Fact]
    public async Task SaveAsync_WrongForAGermanReader_IsSaidAndRecordedInEnglishAndToldInGerman()
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("de");
        var said = (await Directory.SaveAsync(_operator, Input("no address"), default))!;

        Assert.StartsWith("'no address' is no address of a registry.", said, StringComparison.Ordinal);
        Assert.StartsWith("„no address“ ist keine Adresse einer Registry.", Texts.Told(said), StringComparison.Ordinal);
        await using var context = await ContextAsync();
        var record = await context.AuditLog.SingleAsync(entry => entry.ObjectName == "no address");
        Assert.Contains("'no address' is no address of a registry.", record.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_ImageOfARegistryWithALogin_CarriesIt()
    {
        Assert.Null(await Directory.SaveAsync(_operator, Input("registry.example.com"), default));
        var images = new ImageCommands(Calls, Credentials);

        await images.PullAsync(_operator, Guid.NewGuid(), "registry.example.com/app:1", "", _ => { }, default);
        await images.PullAsync(_operator, Guid.NewGuid(), "busybox", "", _ => { }, default);

        var pulls = _node.Requests.Cast<PullImageRequest>().ToList();
        Assert.Equal((Secret, "ada"), (pulls[0].Credentials.Password, pulls[0].Credentials.Username));
        Assert.Null(pulls[1].Credentials);
    }

    [Fact]
    public async Task SaveAsync_NoNewPassword_KeepsItForTheSameAddressAndUserAlone()
    {
        Assert.Null(await Directory.SaveAsync(_operator, Input("registry.example.com"), default));
        var id = (await Directory.ListAsync(_operator, default)).Single().Id;

        Assert.Null(await Directory.SaveAsync(_operator, Input("registry.example.com", secret: "", id: id), default));
        Assert.Equal(Secret, (await Credentials.FindByHostAsync("registry.example.com", default))!.Password);
        Assert.Contains(
            "password anew", await Directory.SaveAsync(_operator, Input("evil.example.com", secret: "", id: id), default));
        Assert.Contains(
            "password anew", await Directory.SaveAsync(_operator, Input("registry.example.com", "bob", "", id), default));

        Assert.Null(await Directory.SaveAsync(_operator, Input("registry.example.com", "", "", id), default));
        Assert.Null(await Credentials.FindByHostAsync("registry.example.com", default));
    }

    [Fact]
    public async Task FindAsync_SecretMovedToAnotherHost_IsGoodForNothingThere()
    {
        Assert.Null(await Directory.SaveAsync(_operator, Input("registry.example.com"), default));
        await using var context = await ContextAsync();
        await context.Registries.ExecuteUpdateAsync(row => row.SetProperty(column => column.Host, "evil.example.com"));

        var failure = await Assert.ThrowsAsync<RpcException>(() => Credentials.FindAsync("evil.example.com/app", default));

        Assert.Equal(StatusCode.FailedPrecondition, failure.StatusCode);
    }

    [Theory]
    [InlineData("nodots", "ada", "x", "no address")]
    [InlineData("registry.example.com", "", "x", "needs its user name")]
    [InlineData("registry.example.com", "ada", "", "needs its password")]
    [InlineData("registry.example.com", "a:b", "x", "none of them a colon")]
    [InlineData("registry.example.com", "ada", "x\ny", "all on one line")]
    public async Task SaveAsync_Nonsense_IsRefusedAndOnRecord(string host, string user, string secret, string message)
    {
        Assert.Contains(message, await Directory.SaveAsync(_operator, Input(host, user, secret), default));

        Assert.Empty(await Directory.ListAsync(_operator, default));
        var record = (await AuditAsync("registry.create"))[^1];
        Assert.Equal("failed", record.Outcome);
    }

    [Fact]
    public async Task SaveAsync_SameAddressTwice_IsRefused()
    {
        Assert.Null(await Directory.SaveAsync(_operator, Input("docker.io"), default));

        Assert.Contains("already", await Directory.SaveAsync(_operator, Input("https://index.docker.io/v1/"), default));
    }

    [Fact]
    public async Task RemoveAsync_Registry_TakesItsLoginAwayAndIsOnRecord()
    {
        Assert.Null(await Directory.SaveAsync(_operator, Input("registry.example.com"), default));
        var id = (await Directory.ListAsync(_operator, default)).Single().Id;

        await Directory.RemoveAsync(_operator, id, default);

        Assert.Null(await Credentials.FindByHostAsync("registry.example.com", default));
        Assert.Contains(await AuditAsync("registry.remove"), record => record.ObjectId == id.ToString());
        Assert.Contains("no such registry", await Directory.SaveAsync(_operator, Input("registry.example.com", id: id), default));
    }

    [Theory]
    [InlineData(BuiltInRoles.Viewer, false)]
    [InlineData(BuiltInRoles.Deployer, true)]
    public async Task Changes_RoleIsNotEnough_AreDenied(string role, bool maySee)
    {
        var node = await portal.AddNodeAsync($"node-{role}");
        var everywhere = await PersonAsync(role);
        var onOne = await PersonAsync(BuiltInRoles.Administrator, node);

        foreach (var user in new[] { everywhere, onOne })
        {
            await Assert.ThrowsAsync<AccessDeniedException>(() => Directory.SaveAsync(user, Input("a.example.com"), default));
            await Assert.ThrowsAsync<AccessDeniedException>(() => Directory.RemoveAsync(user, Guid.NewGuid(), default));
            await Assert.ThrowsAsync<AccessDeniedException>(() => Queries.CheckAsync(user, node, Input("a.example.com"), default));
        }

        if (maySee)
        {
            Assert.Empty(await Directory.ListAsync(everywhere, default));
        }
        else
        {
            await Assert.ThrowsAsync<AccessDeniedException>(() => Directory.ListAsync(everywhere, default));
            await Assert.ThrowsAsync<AccessDeniedException>(() => Queries.SearchAsync(everywhere, node, "a.example.com", "", 5, default));
        }

        Assert.Empty(_node.Requests);
    }

    [Fact]
    public async Task CheckAsync_NothingEntered_TriesTheLoginThatIsKeptForThatAccount()
    {
        Assert.Null(await Directory.SaveAsync(_operator, Input("registry.example.com"), default));
        var node = Guid.NewGuid();

        await Queries.CheckAsync(_operator, node, Input("registry.example.com", secret: ""), default);
        await Queries.CheckAsync(_operator, node, Input("registry.example.com", "bob", ""), default);
        await Queries.CheckAsync(_operator, node, Input("registry.example.com", "bob", "typed"), default);
        await Queries.CheckAsync(_operator, node, Input("evil.example.com", secret: ""), default);

        Assert.Equal(
            [Secret, null, "typed", null], _node.Requests.Cast<CheckRegistryRequest>().Select(request => request.Credentials?.Password));
        Assert.Equal(4, (await AuditAsync("registry.check")).Count(record => record.ActorId == IdOf(_operator)));
    }

    [Fact]
    public async Task SearchAndTags_OfARegistryWithALogin_CarryIt()
    {
        Assert.Null(await Directory.SaveAsync(_operator, new RegistryInput
        {
            Host = "registry.example.com", Secret = "refresh", IsIdentityToken = true,
        }, default));

        await Queries.SearchAsync(_operator, Guid.NewGuid(), "registry.example.com", "ap", 5, default);
        await Queries.ListTagsAsync(_operator, Guid.NewGuid(), "registry.example.com", "app", 5, default);

        Assert.Equal("refresh", ((SearchRepositoriesRequest)_node.Requests[0]).Credentials.IdentityToken);
        Assert.Equal("refresh", ((ListTagsRequest)_node.Requests[1]).Credentials.IdentityToken);
    }

    [Fact]
    public async Task CheckAsync_NodeFails_IsToldInWords()
    {
        _node.Failure = new RpcException(new Status(StatusCode.Unauthenticated, "unauthorized, incorrect username or password"));

        var check = await RegistryCheck.RunAsync(Queries, _operator, Guid.NewGuid(), Input("registry.example.com"));

        Assert.Equal("failed", check.Text);
        Assert.Contains("incorrect username or password", check.Detail);
        Assert.DoesNotContain(Secret, check.Detail);
    }

    private static RegistryInput Input(string host, string user = "ada", string secret = Secret, Guid? id = null) =>
        new() { Id = id, Host = host, UserName = user, Secret = secret };

    private Task<PortalDbContext> ContextAsync() =>
        portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();

    private async Task<List<Portal.Data.Entities.AuditRecord>> AuditAsync(string action)
    {
        await using var context = await ContextAsync();
        return await context.AuditLog.Where(record => record.Action == action).OrderBy(record => record.Id).ToListAsync();
    }

    private async Task<ClaimsPrincipal> PersonAsync(string role, Guid? node = null)
    {
        var id = await portal.AddPersonAsync($"p{Guid.NewGuid():N}"[..16], role, node);
        return new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id.ToString())], "test"));
    }

    private static Guid IdOf(ClaimsPrincipal user) => Guid.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!);
}
