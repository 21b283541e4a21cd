using Grpc.Core;
using Portal.Agent.Policies.Engine;
using Portal.Agent.Services;
using Portal.Contracts.Policies.V1;
using Portal.Engine.Distribution.Signatures;
using Portal.Engine.Errors;
using Portal.Engine.Images;

namespace Portal.Agent.Policies;

internal sealed class PolicyGrpcService(PolicyStore store, SignatureGuard signatures, IImages images) : PolicyService.PolicyServiceBase
{
    public override Task<SetPoliciesResponse> SetPolicies(SetPoliciesRequest request, ServerCallContext context)
    {
        store.Set(request);
        return Task.FromResult(new SetPoliciesResponse { Version = store.Current.Version, LooksAtSignatures = true });
    }

    public override async Task<CheckImageResponse> CheckImage(CheckImageRequest request, ServerCallContext context)
    {
        try
        {
            await CheckAsync(request, context.CancellationToken).ConfigureAwait(false);
            return new CheckImageResponse();
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.Forbidden)
        {
            return new CheckImageResponse { Refusal = failure.Message };
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound && !request.Pulls)
        {
            return new CheckImageResponse();
        }
    }

    private async Task CheckAsync(CheckImageRequest request, CancellationToken cancellationToken)
    {
        var platform = ImageMapping.ToPlatform(request.Platform);
        if (request.Pulls)
        {
            var credentials = RegistryMapping.ToCredentials(request.Credentials);
            await signatures.CheckRemoteAsync(request.Image, credentials, platform, cancellationToken).ConfigureAwait(false);
            return;
        }

        var image = await images.InspectAsync(request.Image, platform, cancellationToken).ConfigureAwait(false);
        var used = new UsedImage(request.Image, image.Id, [.. image.Names, .. image.Digests]);
        await signatures.CheckUseAsync(used, "image", cancellationToken).ConfigureAwait(false);
    }
}
