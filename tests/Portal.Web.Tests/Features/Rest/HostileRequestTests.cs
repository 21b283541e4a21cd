using System.Net;
using System.Text;
using Portal.Web.Access;

namespace Portal.Web.Tests.Features.Rest;

/// <summary>Bodies and addresses that nobody sends by accident: each is refused as a problem, and reaches no node.</summary>
[Collection(RestCollection.Name)]
public sealed class HostileRequestTests
{
    private readonly RestPortal _portal;

    // What a test before it asked the nodes for does not count.
    public HostileRequestTests(RestPortal portal)
    {
        _portal = portal;
        _portal.Nodes.Clear();
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}garbage")]
    [InlineData("""{"name":"a","nonsense":1}""")]
    [InlineData("""{"Name":"a"}""")]
    [InlineData("""{"name":"a","name":"b"}""")]
    [InlineData("""{"name":null}""")]
    [InlineData("""{"name":7}""")]
    [InlineData("""{"command":null}""")]
    [InlineData("""{"command":[null]}""")]
    [InlineData("""{"command":"sh"}""")]
    [InlineData("""{"labels":{"a":null}}""")]
    [InlineData("""{"privileged":"true"}""")]
    [InlineData("""{"gpus":"1"}""")]
    [InlineData("""{"gpus":1e99}""")]
    [InlineData("""{"resources":{"memoryBytes":99999999999999999999}}""")]
    [InlineData("""{"restartPolicy":{"kind":3}}""")]
    [InlineData("""{"restartPolicy":{"kind":"sometimes"}}""")]
    [InlineData("""{"healthcheck":{"interval":"1s"}}""")]
    [InlineData("""{"healthcheck":{"interval":1e300}}""")]
    [InlineData("""{"mounts":[{"kind":"bind"}]}""")]
    [InlineData("""{"parser":{}}""")]
    [InlineData("""{"hasStopTimeoutSeconds":true}""")]
    public async Task Create_BodyIsNotWhatIsExpected_ReachesNoNode(string body)
    {
        using var client = await _portal.ProgramAsync(BuiltInRoles.Administrator);

        var detail = await client.PostTextAsync($"/api/v1/nodes/{_portal.NodeId}/containers", body).ProblemAsync(400, "invalid-request");

        Assert.DoesNotContain("System.", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("Portal.", detail, StringComparison.Ordinal);
        Assert.Empty(_portal.Nodes.Requests);
    }

    [Fact]
    public async Task Create_BodyTooDeepTooLargeOrNoJson_ReachesNoNode()
    {
        using var client = await _portal.ProgramAsync(BuiltInRoles.Administrator);
        var path = $"/api/v1/nodes/{_portal.NodeId}/containers";
        var deep = new string('[', 10_000) + new string(']', 10_000);

        await client.PostTextAsync(path, $$"""{"name":{{deep}}}""").ProblemAsync(400, "invalid-request");
        await client.PostTextAsync(path, $$"""{"name":"{{new string('x', 1024 * 1024)}}"}""").ProblemAsync(413, "too-large");
        await client.PostTextAsync(path, "name=a", "application/x-www-form-urlencoded").ProblemAsync(415, "unsupported-media-type");
        await client.PostTextAsync(path, """{"name":"a"}""", "text/plain").ProblemAsync(415, "unsupported-media-type");
        var broken = new ByteArrayContent([0x7B, 0x22, 0xFF, 0x22]) { Headers = { { "Content-Type", "application/json" } } };
        await client.PostAsync(path, broken).ProblemAsync(400, "invalid-request");
        Assert.Empty(_portal.Nodes.Requests);
    }

    [Fact]
    public async Task Address_LeadsNowhere_IsAProblem()
    {
        using var client = await _portal.ProgramAsync(BuiltInRoles.Administrator);

        await client.GetAsync("/api/v1/nothing").ProblemAsync(404, "not-found");
        await client.DeleteAsync("/api/v1/containers").ProblemAsync(405, "method-not-allowed");
        await client.GetAsync("/api/v1/nodes/not-an-id/containers").ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Change_WithASessionsCookieAlone_IsRefused()
    {
        using var browser = _portal.Portal.CreateClient(_portal.Address);
        using var signedIn = await Support.HttpClientExtensions.PostSignInAsync(browser, "admin", Support.TestPortal.AdminPassword);
        browser.DefaultRequestHeaders.Accept.Clear();

        await browser.PostAsync($"/api/v1/nodes/{_portal.NodeId}/containers/web/stop", null).ProblemAsync(403, "forged-request");
        await browser.GetAsync("/api/v1/containers").OkAsync();
        Assert.Empty(_portal.Nodes.Requests);
    }

    [Fact]
    public async Task Request_WithoutOrWithAWrongToken_IsAProblem()
    {
        using var stranger = _portal.Portal.CreateClient(_portal.Address);
        stranger.DefaultRequestHeaders.Accept.Clear();

        await stranger.GetAsync("/api/v1/containers").ProblemAsync(401, "unauthenticated");
        stranger.DefaultRequestHeaders.Authorization = new("Bearer", "portal_nonsense");
        await stranger.GetAsync("/api/v1/containers").ProblemAsync(401, "unauthenticated");
    }
}
