using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Portal.Contracts.Registries.V1;
using Portal.Engine.Distribution.Queries;

namespace Portal.Agent.Services;

/// <summary>Registries as this node reaches them.</summary>
internal sealed class RegistryGrpcService(IRegistryQueries queries, TimeProvider time) : RegistryService.RegistryServiceBase
{
    private const int DefaultSearch = 25;
    private const int DefaultTags = 100;
    private const int MaxTags = 100_000;

    public override async Task<CheckRegistryResponse> CheckRegistry(CheckRegistryRequest request, ServerCallContext context)
    {
        var began = time.GetTimestamp();
        var check = await queries
            .CheckAsync(request.Host, RegistryMapping.ToCredentials(request.Credentials), context.CancellationToken)
            .ConfigureAwait(false);
        return new CheckRegistryResponse
        {
            Secure = check.IsSecure,
            Authenticated = check.IsAuthenticated,
            ElapsedMilliseconds = (int)Math.Min(int.MaxValue, time.GetElapsedTime(began).TotalMilliseconds),
        };
    }

    public override async Task<SearchRepositoriesResponse> SearchRepositories(
        SearchRepositoriesRequest request, ServerCallContext context)
    {
        var limit = request.Limit == 0 ? DefaultSearch : request.Limit;
        var found = await queries
            .SearchAsync(
                request.Host, request.Term, limit, RegistryMapping.ToCredentials(request.Credentials), context.CancellationToken)
            .ConfigureAwait(false);
        var response = new SearchRepositoriesResponse { Truncated = found.IsTruncated };
        response.Repositories.AddRange(found.Repositories.Select(RegistryMapping.ToRepository));
        return response;
    }

    public override async Task<ResolveTagResponse> ResolveTag(ResolveTagRequest request, ServerCallContext context)
    {
        var found = await queries
            .ResolveAsync(request.Image, RegistryMapping.ToCredentials(request.Credentials), context.CancellationToken)
            .ConfigureAwait(false);
        return new ResolveTagResponse { Digest = found.Digest ?? "", RetryAfter = found.RetryAfter?.ToDuration() };
    }

    public override async Task<ListTagsResponse> ListTags(ListTagsRequest request, ServerCallContext context)
    {
        var limit = request.Limit == 0 ? DefaultTags : Math.Clamp(request.Limit, 1, MaxTags);
        var list = await queries
            .ListTagsAsync(
                $"{request.Host}/{request.Repository}", limit, RegistryMapping.ToCredentials(request.Credentials),
                context.CancellationToken)
            .ConfigureAwait(false);
        var response = new ListTagsResponse { Truncated = list.IsTruncated };
        response.Tags.AddRange(list.Names);
        return response;
    }
}
