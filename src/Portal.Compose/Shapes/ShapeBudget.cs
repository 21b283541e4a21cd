namespace Portal.Compose.Shapes;

/// <summary>What short forms may still grow to: a range of ports is many ports.</summary>
internal sealed class ShapeBudget(int ports)
{
    private int _ports = ports;

    public bool TakePorts(int count) => (_ports -= Math.Min(count, 1 << 20)) >= 0;
}
