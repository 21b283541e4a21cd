namespace Portal.Compose.Model;

public enum DependencyCondition
{
    Started,
    Healthy,
    CompletedSuccessfully,
}
