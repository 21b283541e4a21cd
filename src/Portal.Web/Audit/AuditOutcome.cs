namespace Portal.Web.Audit;

public enum AuditOutcome
{
    Succeeded = 0,
    Failed,
    Denied,
}
