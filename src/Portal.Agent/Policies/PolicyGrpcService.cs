using Grpc.Core;
using Portal.Contracts.Policies.V1;

namespace Portal.Agent.Policies;

internal sealed class PolicyGrpcService(PolicyStore store) : PolicyService.PolicyServiceBase
{
    public override Task<SetPoliciesResponse> SetPolicies(SetPoliciesRequest request, ServerCallContext context)
    {
        store.Set(request);
        return Task.FromResult(new SetPoliciesResponse { Version = store.Current.Version, LooksAtSignatures = true });
    }
}
