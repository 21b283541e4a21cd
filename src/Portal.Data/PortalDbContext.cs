using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Entities;
using Portal.Data.Entities.Alerts;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Overlays;
using Portal.Data.Entities.Jobs;
using Portal.Data.Entities.Lists;
using Portal.Data.Entities.Rest;
using Portal.Data.Entities.Stacks;
using Portal.Data.Entities.Access;
using Portal.Data.Entities.Backups;
using Portal.Data.Entities.Consoles;
using Portal.Data.Entities.Images;
using Portal.Data.Entities.Nodes;
using Portal.Data.Entities.Templates;
using Portal.Data.Entities.Webhooks;

namespace Portal.Data;

/// <summary>
/// All that the portal keeps. Add an entity with its <c>XEntityTypeConfiguration</c> and a migration in
/// <c>db/migrations</c>; a test proves that both say
/// the same.
/// </summary>
/// <remarks>Short-lived: components make one per operation with the <see cref="IDbContextFactory{TContext}"/>.</remarks>
public sealed class PortalDbContext(DbContextOptions<PortalDbContext> options)
    : IdentityUserContext<PortalUser, Guid>(options)
{
    public DbSet<Grant> Grants => Set<Grant>();

    public DbSet<Team> Teams => Set<Team>();

    public DbSet<TeamMember> TeamMembers => Set<TeamMember>();

    public DbSet<CustomRole> CustomRoles => Set<CustomRole>();

    public DbSet<PolicyRecord> Policies => Set<PolicyRecord>();

    public DbSet<SignInProvider> SignInProviders => Set<SignInProvider>();

    public DbSet<NodeEnvironment> Environments => Set<NodeEnvironment>();

    public DbSet<Node> Nodes => Set<Node>();

    public DbSet<WaitingNode> WaitingNodes => Set<WaitingNode>();

    public DbSet<PortalInstance> Portals => Set<PortalInstance>();

    public DbSet<AuditRecord> AuditLog => Set<AuditRecord>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    public DbSet<Setting> Settings => Set<Setting>();

    public DbSet<Registry> Registries => Set<Registry>();

    public DbSet<RegistryUse> RegistryUses => Set<RegistryUse>();

    public DbSet<ImagePolicy> ImagePolicies => Set<ImagePolicy>();

    public DbSet<ImageRule> ImageRules => Set<ImageRule>();

    public DbSet<ContainerUpdate> ContainerUpdates => Set<ContainerUpdate>();

    public DbSet<ImageCheck> ImageChecks => Set<ImageCheck>();

    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();

    public DbSet<UserPreference> UserPreferences => Set<UserPreference>();

    public DbSet<Invitation> Invitations => Set<Invitation>();

    public DbSet<RestRequest> RestRequests => Set<RestRequest>();

    public DbSet<UserSession> UserSessions => Set<UserSession>();

    public DbSet<StatsSubject> StatsSubjects => Set<StatsSubject>();

    public DbSet<StatsRollup> StatsRollups => Set<StatsRollup>();

    public DbSet<AlertRule> AlertRules => Set<AlertRule>();

    public DbSet<AlertTarget> AlertTargets => Set<AlertTarget>();

    public DbSet<AlertSilence> AlertSilences => Set<AlertSilence>();

    public DbSet<Alert> Alerts => Set<Alert>();

    public DbSet<AlertDelivery> AlertDeliveries => Set<AlertDelivery>();

    public DbSet<BuildRecord> Builds => Set<BuildRecord>();

    public DbSet<Stack> Stacks => Set<Stack>();

    public DbSet<StackRevision> StackRevisions => Set<StackRevision>();

    public DbSet<StackFile> StackFiles => Set<StackFile>();

    public DbSet<StackContent> StackContents => Set<StackContent>();

    public DbSet<StackSource> StackSources => Set<StackSource>();

    public DbSet<Webhook> Webhooks => Set<Webhook>();

    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();

    public DbSet<Deployment> Deployments => Set<Deployment>();

    public DbSet<DeploymentStep> DeploymentSteps => Set<DeploymentStep>();

    public DbSet<DeploymentLine> DeploymentLines => Set<DeploymentLine>();

    public DbSet<MissedMove> MissedMoves => Set<MissedMove>();

    public DbSet<CommitReporter> CommitReporters => Set<CommitReporter>();

    public DbSet<CommitReport> CommitReports => Set<CommitReport>();

    public DbSet<OverlayNetwork> OverlayNetworks => Set<OverlayNetwork>();

    public DbSet<OverlayMember> OverlayMembers => Set<OverlayMember>();

    public DbSet<ScheduledJob> ScheduledJobs => Set<ScheduledJob>();

    public DbSet<JobRun> JobRuns => Set<JobRun>();

    public DbSet<TemplateSource> TemplateSources => Set<TemplateSource>();

    public DbSet<BackupDestination> BackupDestinations => Set<BackupDestination>();

    public DbSet<PortalBackup> PortalBackups => Set<PortalBackup>();

    public DbSet<SavedView> SavedViews => Set<SavedView>();

    public DbSet<RecordedConsole> RecordedConsoles => Set<RecordedConsole>();

    public DbSet<RecordedConsolePiece> RecordedConsolePieces => Set<RecordedConsolePiece>();

    // The newest: with passkeys. Fixed here, so that tests and tools see the same model as the portal.
    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(PortalDbContext).Assembly);
        SnakeCaseNames.Apply(builder);
    }
}
