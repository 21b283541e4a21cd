using System.Security.Claims;
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
        var subject = new ChangeSubject("image.pull", "image", "busybox", "busybox");

        await Assert.ThrowsAsync<OperationCanceledException>(() => calls.ChangeAsync<int>(
            user, Guid.NewGuid(), [PermissionNames.ImagesPull], subject, _ => throw new OperationCanceledException(), default));

        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var record = await database.AuditLog.SingleAsync(record => record.ActorId == person);
        Assert.Equal(("image.pull", "failed", "broken off"), (record.Action, record.Outcome, record.Detail));
    }
}
