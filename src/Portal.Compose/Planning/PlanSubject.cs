namespace Portal.Compose.Planning;

public enum PlanSubject
{
    Network,
    Volume,
    Container,
}
