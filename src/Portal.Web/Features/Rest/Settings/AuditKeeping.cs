namespace Portal.Web.Features.Rest.Settings;

/// <summary>How long entries of the audit log are kept.</summary>
/// <param name="Days">0 for ever.</param>
internal sealed record AuditKeeping(int Days);
