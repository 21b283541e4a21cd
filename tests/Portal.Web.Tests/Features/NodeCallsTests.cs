using System.Security.Claims;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features;

public sealed class NodeCallsTests(TestPortal portal) : IClassFixture<TestPortal>
{
    [Fact]
    public async Task ChangeAsync_BrokenOff_IsOnRecord()
    {
        var person = await portal.AddPersonAsync("impatient", BuiltInRoles.Operator);
        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, person.ToString())], "test"));
        await using var scope = portal.Services.CreateAsyncScope();
        var calls = scope.ServiceProvider.GetRequiredService<INodeCalls>();
        var subject = new ChangeSubject("image.pull", "image", "busybox", "busybox", "for linux/arm64");

        await Assert.ThrowsAsync<OperationCanceledException>(() => calls.ChangeAsync<int>(
            user, Guid.NewGuid(), [PermissionNames.ImagesPull], subject, _ => throw new OperationCanceledException(), default));

        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var record = await database.AuditLog.SingleAsync(record => record.ActorId == person);
        Assert.Equal(("image.pull", "failed", "for linux/arm64: broken off"), (record.Action, record.Outcome, record.Detail));
    }

    [Fact]
    public async Task ChangeAsync_NodeRefuses_RecordSaysWhatWasTriedAndWhyItFailed()
    {
        var person = await portal.AddPersonAsync("unlucky", BuiltInRoles.Operator);
        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, person.ToString())], "test"));
        await using var scope = portal.Services.CreateAsyncScope();
        var calls = scope.ServiceProvider.GetRequiredService<INodeCalls>();
        var subject = new ChangeSubject("container.update", "container", "c1", "web", "memory 64 MB");
        var refusal = new RpcException(new Status(StatusCode.FailedPrecondition, "it is being removed"));

        await Assert.ThrowsAsync<NodeCallException>(() => calls.ChangeAsync<int>(
            user, Guid.NewGuid(), [PermissionNames.ContainersStart], subject, _ => throw refusal, default));

        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var record = await database.AuditLog.SingleAsync(record => record.ActorId == person);
        Assert.Equal("failed", record.Outcome);
        Assert.StartsWith("memory 64 MB: ", record.Detail);
        Assert.Contains("it is being removed", record.Detail);
    }
}
