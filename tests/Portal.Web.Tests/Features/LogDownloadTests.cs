using System.Net;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features;

public sealed class LogDownloadTests(TestPortal portal) : IClassFixture<TestPortal>, IAsyncLifetime
{
    private readonly FakeLogs _node = new();
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
    public async Task Download_BrokenOffByTheReader_IsOnRecord()
    {
        var person = await portal.AddPersonAsync("breaks-off", BuiltInRoles.Developer);
        using (var browser = await SignInAsync("breaks-off"))
        {
            using var answer = await browser.GetAsync(Address, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal("succeeded", await OutcomeAsync(person));
    }

    [Fact]
    public async Task Download_NodeRefuses_IsOnRecordAsFailed()
    {
        _node.Failure = new RpcException(new Status(StatusCode.NotFound, "No such container: c"));
        var person = await portal.AddPersonAsync("looks-for-nothing", BuiltInRoles.Developer);
        using var browser = await SignInAsync("looks-for-nothing");

        using var answer = await browser.GetAsync(Address);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("failed", await OutcomeAsync(person));
    }

    private static string Address => $"/api/v1/nodes/{Guid.NewGuid()}/containers/c/logs";

    private async Task<HttpClient> SignInAsync(string name)
    {
        var browser = portal.CreateClient(_application.Address);
        using var answer = await browser.PostSignInAsync(name, TestPortal.AdminPassword);
        return browser;
    }

    private async Task<string> OutcomeAsync(Guid person)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        return (await database.AuditLog.SingleAsync(
            record => record.ActorId == person && record.Action == "container.logs_download")).Outcome;
    }
}
