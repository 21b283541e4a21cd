using Grpc.Core;
using Portal.Web.Features.Deployments;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Deployments;

/// <summary>
/// Portals and agents that die at every change that a deployment makes, before it is made and after it was made and before that was known: in the end the
/// node has what the new revision says or what the old one said, and never anything between.
/// </summary>
public sealed class DeploymentKillTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const string Old = """
        services:
          db: {image: 'db:1', volumes: ['data:/data']}
          web: {image: 'web:1', depends_on: [db], ports: ['8080:80'], deploy: {replicas: 1}}
          gone: {image: 'gone:1'}
        volumes: {data: {}}
        """;

    private const string New = """
        services:
          db: {image: 'db:2', volumes: ['data:/data'], healthcheck: {test: ['CMD', 'true']}}
          web: {image: 'web:2', depends_on: {db: {condition: service_healthy}}, ports: ['8080:80'], configs: [page], networks: [front]}
          more: {image: 'more:1', deploy: {replicas: 2, update_config: {order: start-first}}, networks: [front, default]}
        networks: {front: {}}
        volumes: {data: {}}
        configs: {page: {content: hello}}
        """;

    private const string OldPicture = "shop-db-1 db:1 running, shop-gone-1 gone:1 running, shop-web-1 web:1 running";

    private const string NewPicture =
        "shop-db-1 db:2 running, shop-more-1 more:1 running, shop-more-2 more:1 running, shop-web-1 web:2 running";

    private static readonly string s_bad = New.Replace("more:1", "more:bad", StringComparison.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Portal_KilledAtEveryChange_AnotherEndsInTheNewState(bool isAfter)
    {
        var kills = await AtEveryChangeAsync(New, async (bench, id, at) =>
        {
            var isDone = await bench.WorkAsync(dieAt: at(isAfter));
            return isDone || !await bench.WorkAsync();
        }, (bench, row) =>
        {
            Assert.Equal((NewPicture, "Succeeded"), (bench.Node.Picture, row.State));
            Assert.Equal(["shop_default", "shop_front"], bench.Node.Networks);
        });

        Assert.InRange(kills, 15, 60);
    }

    [Theory]
    [Trait("Area", "deployments")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Portal_KilledAtEveryChangeOfABadRevision_AnotherEndsInTheOldState(bool isAfter)
    {
        var kills = await AtEveryChangeAsync(s_bad, async (bench, id, at) =>
        {
            var isDone = await bench.WorkAsync(dieAt: at(isAfter));
            return isDone || !await bench.WorkAsync();
        }, (bench, row) =>
        {
            Assert.Equal((OldPicture, "RolledBack"), (bench.Node.Picture, row.State));
            Assert.Equal(["shop_default"], bench.Node.Networks);
        });

        Assert.InRange(kills, 20, 90);
    }

    [Theory]
    [Trait("Area", "deployments")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Agent_AwayAtEveryChange_DeploymentEndsInTheNewState(bool isAfter)
    {
        var kills = await AtEveryChangeAsync(New, async (bench, id, at) =>
        {
            var dies = at(isAfter);
            var isOver = true;
            Func<string, bool, bool> away = (what, after) =>
            {
                if (dies(what, after))
                {
                    isOver = false;
                    throw new RpcException(new Status(StatusCode.Unavailable, "the agent died"));
                }

                return false;
            };
            Assert.True(await bench.WorkAsync(dieAt: away));
            return isOver;
        }, (bench, row) => Assert.Equal((NewPicture, "Succeeded"), (bench.Node.Picture, row.State)));

        Assert.InRange(kills, 15, 60);
    }

    [Fact]
    [Trait("Area", "deployments")]
    public async Task Deployment_CancelledAtEveryChange_EndsInTheOldState()
    {
        await AtEveryChangeAsync(New, async (bench, id, at) =>
        {
            var isCancelled = false;
            var cancels = at(false);
            await bench.WorkAsync(cancelAt: (what, after) => isCancelled |= cancels(what, after));
            return !isCancelled;
        }, (bench, row) =>
        {
            // The last change may be past before anybody looks.
            Assert.Equal(row.State == "Succeeded" ? NewPicture : OldPicture, bench.Node.Picture);
            Assert.True(row.State is "Succeeded" or "Cancelled", row.Message);
        });
    }

    // Each round has the old revision deployed, and breaks the deployment of the new one at its next change,
    // until none is left to break at.
    private async Task<int> AtEveryChangeAsync(
        string file,
        Func<DeploymentBench, Guid, Func<bool, Func<string, bool, bool>>, Task<bool>> work,
        Action<DeploymentBench, Portal.Data.Entities.Deployments.Deployment> check)
    {
        for (var change = 0; ; change++)
        {
            var bench = await DeploymentBench.MakeAsync(portal, Old, file);
            await bench.OrderAsync(1);
            Assert.True(await bench.WorkAsync());
            Assert.Equal(OldPicture, bench.Node.Picture);
            var id = await bench.OrderAsync(2);
            var seen = 0;
            var hit = false;
            var here = change;
            var isLast = await work(bench, id, side => (_, isAfter) =>
            {
                if (isAfter != side || hit || seen++ != here)
                {
                    return false;
                }

                return hit = true;
            });
            check(bench, await bench.FindAsync(id));
            if (isLast || !hit)
            {
                return change;
            }
        }
    }
}
