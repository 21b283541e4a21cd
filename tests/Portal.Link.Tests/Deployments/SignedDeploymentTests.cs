using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Permissions;
using Portal.Contracts.Policies;
using Portal.Contracts.Policies.V1;
using Portal.Testing;
using Portal.Testing.Images;
using Portal.Testing.Registries;
using Portal.Web.Access;
using Portal.Web.Features.Policies;
using Portal.Web.Features.Stacks;
using Portal.Web.Nodes;
using PolicyRules = Portal.Contracts.Policies.PolicyRules;
using SignatureRule = Portal.Contracts.Policies.SignatureRule;

namespace Portal.Link.Tests.Deployments;

/// <summary>A stack whose image must be signed, by a policy that was made in the portal: refused in the step Check, and deployed once it is signed.</summary>
[Trait("Area", "deployments")]
public sealed class SignedDeploymentTests(DeliveryWorld world) : IClassFixture<DeliveryWorld>
{
    [Fact]
    public async Task Check_UnsignedImage_IsRefusedBeforeAnythingIsPulledAndDeployedOnceSigned()
    {
        await using var registry = await RegistryFixture.StartAsync();
        using var signer = new CosignSigner();
        var image = await registry.PushAsync(await BusyboxImages.CreateAsync(), "team/app:1");
        await MakePolicyAsync(registry.Host, signer.PublicKey);
        await Eventually.HoldsAsync(() => IsRefusedAsync(image), "the policy is on the node");
        var stack = await world.Services.GetRequiredService<StackDirectory>().SaveAsync(
            world.Admin,
            new StackDraft(null, world.NodeId, "signed", 0, $"services:\n  web:\n    image: {image}\n    command: [sleep, '1000']\n    init: true\n", "", ""),
            default);

        var refused = await world.DeployAsync(stack);

        Assert.Equal("Failed", refused.State);
        Assert.Matches(@":3:\d+: services\.web\.image: The policy 'signed' does not allow", refused.Message);
        Assert.Contains("there is no signature of", refused.Message, StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, await world.Docker.StatusAsync($"images/{image}/json"));

        await CosignBundle.SignAsync(signer, image);
        var deployed = await world.DeployAsync(stack);

        Assert.True(deployed.State == "Succeeded", deployed.Message);
        await world.FindAsync("signed", "web");

        // The tag moves: what runs is left alone, and the next deployment that pulls is refused.
        await registry.PushAsync((await BusyboxImages.CreateAsync()).AddFile("more", "x"), "team/app:1");
        Assert.True(await IsRefusedAsync(image));
        await world.FindAsync("signed", "web");
        Assert.Equal("Succeeded", (await world.DeployAsync(stack, Portal.Web.Features.Deployments.DeploymentOperation.Remove)).State);
    }

    private async Task MakePolicyAsync(string host, string key)
    {
        var rules = new PolicyRules { Signatures = [new SignatureRule($"{host}/team/*", [key])] };
        await using var scope = world.Services.CreateAsyncScope();
        var made = await scope.ServiceProvider.GetRequiredService<PolicyDirectory>().SaveAsync(
            world.Admin, null, new PolicyInput("signed", "", null, null, rules), default);
        Assert.Null(made.Error);
    }

    private async Task<bool> IsRefusedAsync(string image)
    {
        var invoker = world.Services.GetRequiredService<INodeClients>().For(
            world.NodeId, new Actor(Guid.NewGuid(), "test", "127.0.0.1"), PermissionNames.ImagesPull, PermissionNames.PoliciesManage);
        var request = new CheckImageRequest { Image = image, Pulls = true };
        return (await new PolicyService.PolicyServiceClient(invoker).CheckImageAsync(request)).Refusal.Length > 0;
    }
}
