using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Policies;
using Portal.Data;
using Portal.Data.Entities.Access;
using Portal.Web.Features.Policies;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Deployments;

public sealed class DeploymentPolicyTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const string Good = """
        services:
          web:
            image: registry.example.com/web:1
            mem_limit: 64m
        """;

    private const string Bad = """
        services:
          web:
            image: evil.net/web:1
            mem_limit: 128m
            volumes:
              - /etc:/x
          db:
            image: registry.example.com/db:1
            volumes:
              - data:/x
            deploy:
              resources:
                limits:
                  memory: 64m
        volumes:
          data:
            driver_opts:
              type: nfs
              device: ":/x"
              o: addr=10.0.0.1
        """;

    [Fact]
    public async Task Check_WhatPoliciesForbid_IsToldWithItsPlaceAndNothingIsTouched()
    {
        var bench = await DeploymentBench.MakeAsync(portal, Good, Bad);
        await AddPolicyAsync(bench.Stack.NodeId);
        var good = await bench.OrderAsync(1);
        Assert.True(await bench.WorkAsync());
        Assert.Equal("Succeeded", (await bench.FindAsync(good)).State);
        var picture = bench.Node.Picture;
        var bad = await bench.OrderAsync(2);

        Assert.True(await bench.WorkAsync());

        var row = await bench.FindAsync(bad);
        Assert.Equal("Failed", row.State);
        Assert.Matches(@":3:\d+: services\.web\.image: The policy 'strict' does not allow images from 'evil\.net/web'", row.Message);
        Assert.Matches(@":4:\d+: services\.web\.mem_limit: The policy 'strict' does not allow 134217728 bytes", row.Message);
        Assert.Matches(@":6:\d+: services\.web\.volumes: The policy 'strict' does not allow the host path '/etc' writable", row.Message);
        Assert.Matches(@": volumes\.data\.driver_opts: The policy 'strict' does not allow volumes of the type 'nfs'", row.Message);
        Assert.DoesNotContain("services.db", row.Message, StringComparison.Ordinal);
        Assert.Equal(picture, bench.Node.Picture);
    }

    private async Task AddPolicyAsync(Guid node)
    {
        var rules = new PolicyRules
        {
            HostPaths = [], Registries = ["registry.example.com/*"], VolumeTypes = [], LargestMemoryBytes = 64 << 20,
        };
        await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        var record = new PolicyRecord { Id = Guid.NewGuid(), Name = "strict", NodeId = node, Rules = PolicyEntry.WriteRules(rules) };
        database.Policies.Add(record);
        await database.SaveChangesAsync();
    }
}
