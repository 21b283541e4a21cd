using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Features.Rest.Access;
using Portal.Web.Features.Rest.Alerts;
using Portal.Web.Features.Rest.Audit;
using Portal.Web.Features.Rest.Backups;
using Portal.Web.Features.Rest.Builds;
using Portal.Web.Features.Rest.Consoles;
using Portal.Web.Features.Rest.Containers;
using Portal.Web.Features.Rest.Environments;
using Portal.Web.Features.Rest.Events;
using Portal.Web.Features.Rest.Files;
using Portal.Web.Features.Rest.Idempotency;
using Portal.Web.Features.Rest.Images;
using Portal.Web.Features.Rest.Invitations;
using Portal.Web.Features.Rest.Jobs;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Networks;
using Portal.Web.Features.Rest.Nodes;
using Portal.Web.Features.Rest.OpenApi;
using Portal.Web.Features.Rest.Overlays;
using Portal.Web.Features.Rest.People;
using Portal.Web.Features.Rest.Policies;
using Portal.Web.Features.Rest.Providers;
using Portal.Web.Features.Rest.Registries;
using Portal.Web.Features.Rest.Roles;
using Portal.Web.Features.Rest.Settings;
using Portal.Web.Features.Rest.Stacks;
using Portal.Web.Features.Rest.Stacks.Holding;
using Portal.Web.Features.Rest.Stacks.Images;
using Portal.Web.Features.Rest.Stacks.Editing;
using Portal.Web.Features.Rest.Stats;
using Portal.Web.Features.Rest.Stored;
using Portal.Web.Features.Rest.Teams;
using Portal.Web.Features.Rest.Templates;
using Portal.Web.Features.Rest.Tokens;
using Portal.Web.Features.Rest.Views;
using Portal.Web.Features.Rest.Volumes;
using Portal.Web.Features.Rest.Webhooks;

namespace Portal.Web.Features.Rest;

/// <summary>
/// The REST API: what the pages do, for programs. Handlers only read the request and call the services that the pages
/// call, so that there is one way into the
/// data and one place that decides.
/// </summary>
internal static class RestApi
{
    public const string Path = "/api/v1";

    public static IServiceCollection AddRest(this IServiceCollection services)
    {
        // For answers and the document alone; bodies are read by RestBody, which is stricter. Agents' messages hold nothing that
        // this changes.
        services.Configure<JsonOptions>(options => RestJson.Shape(options.SerializerOptions));
        services.TryAddSingleton<FleetView>();
        services.TryAddSingleton<StoredChanges>();
        services.TryAddSingleton<IdempotencyStore>();
        services.AddRestDocument();
        return services;
    }

    public static void MapRest(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup(Path);
        api.AddEndpointFilter<GenuineRequestFilter>();
        api.AddEndpointFilter<IdempotencyFilter>();
        endpoints.MapMe();
        endpoints.MapRestDocument();
        NodeEndpoints.Map(api);
        NodeUpgradeEndpoints.Map(api);
        JoinTokenEndpoints.Map(api);
        WaitingEndpoints.Map(api);
        EnvironmentEndpoints.Map(api);
        EnvironmentRulesEndpoints.Map(api);
        ContainerEndpoints.Map(api);
        ContainerTreeEndpoints.Map(api);
        FileEndpoints.Map(api);
        ConsoleEndpoints.Map(api);
        ImageEndpoints.Map(api);
        VolumeEndpoints.Map(api);
        NetworkEndpoints.Map(api);
        OverlayEndpoints.Map(api);
        RegistryEndpoints.Map(api);
        RegistryQueryEndpoints.Map(api);
        PersonEndpoints.Map(api);
        AccessEndpoints.Map(api);
        SessionEndpoints.Map(api);
        ProviderEndpoints.Map(api);
        SettingsEndpoints.Map(api);
        TeamEndpoints.Map(api);
        RoleEndpoints.Map(api);
        PolicyEndpoints.Map(api);
        GrantEndpoints.Map(api);
        InvitationEndpoints.Map(api);
        TokenEndpoints.Map(api);
        AuditEndpoints.Map(api);
        StatsEndpoints.Map(api);
        AlertEndpoints.Map(api);
        AlertTargetEndpoints.Map(api);
        BuildEndpoints.Map(api);
        CacheEndpoints.Map(api);
        StackSourceEndpoints.Map(api);
        ImagePolicyEndpoints.Map(api);
        ImageRuleEndpoints.Map(api);
        ContainerImageEndpoints.Map(api);
        WebhookEndpoints.Map(api);
        JobEndpoints.Map(api);
        BackupEndpoints.Map(api);
        StackEndpoints.Map(api);
        HeldDeploymentEndpoints.Map(api);
        PausedDeploymentEndpoints.Map(api);
        StackEditEndpoints.Map(api);
        StackWorkEndpoints.Map(api);
        ProposalEndpoints.Map(api);
        TemplateEndpoints.Map(api);
        PromotionEndpoints.Map(api);
        ViewEndpoints.Map(api);
        CommitReporterEndpoints.Map(api);
        CatalogueEndpoints.Map(api);
        EventEndpoint.Map(api);
        KeptEventEndpoints.Map(api);
    }
}
