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
    // RFC 8410, section 10.1.
    private const string Key = """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
        -----END PUBLIC KEY-----
        """;

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

    [Fact]
    public async Task Check_ImageThatIsNotSigned_IsToldWithItsPlaceBeforeAnythingIsPulled()
    {
        var bench = await DeploymentBench.MakeAsync(portal, Good, Good);
        await AddPolicyAsync(bench.Stack.NodeId, "signed", new PolicyRules { Signatures = [new SignatureRule("registry.example.com/*", [Key])] });
        bench.Agents.Learn(bench.Stack.NodeId, true);
        bench.Node.Refusals["registry.example.com/web:1 True"] = "The policy 'signed' does not allow it.";
        var bad = await bench.OrderAsync(1);

        Assert.True(await bench.WorkAsync());

        var row = await bench.FindAsync(bad);
        Assert.Equal("Failed", row.State);
        Assert.Matches(@":3:\d+: services\.web\.image: The policy 'signed' does not allow it", row.Message);
        Assert.Empty(bench.Node.Changes);
        bench.Node.Refusals.Clear();
        var good = await bench.OrderAsync(2);
        Assert.True(await bench.WorkAsync());
        Assert.Equal("Succeeded", (await bench.FindAsync(good)).State);
    }

    [Fact]
    public async Task Check_AgentThatCantLookAtSignatures_IsToldBeforeAnythingIsPulled()
    {
        var bench = await DeploymentBench.MakeAsync(portal, Good);
        await AddPolicyAsync(bench.Stack.NodeId, "unseen", new PolicyRules { Signatures = [new SignatureRule("registry.example.com/*", [Key])] });
        var order = await bench.OrderAsync(1);

        Assert.True(await bench.WorkAsync());

        var row = await bench.FindAsync(order);
        Assert.Equal("Failed", row.State);
        Assert.Matches(@":3:\d+: services\.web\.image: The policy 'unseen' does not allow .* too old", row.Message);
        Assert.Empty(bench.Node.Changes);
    }

    private Task AddPolicyAsync(Guid node) => AddPolicyAsync(node, "strict", new PolicyRules
    {
        HostPaths = [], Registries = ["registry.example.com/*"], VolumeTypes = [], LargestMemoryBytes = 64 << 20,
    });

    private async Task AddPolicyAsync(Guid node, string name, PolicyRules rules)
    {
        await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        var record = new PolicyRecord { Id = Guid.NewGuid(), Name = name, NodeId = node, Rules = PolicyEntry.WriteRules(rules) };
        database.Policies.Add(record);
        await database.SaveChangesAsync();
    }
}
