namespace Portal.Engine.Networks.Orchestration;

/// <summary>What takes back the steps of an operation that failed half-way, last step first.</summary>
/// <param name="failed">Told of a step that could not be taken back; the others are taken back all the same.</param>
internal sealed class UndoStack(Action<Exception> failed)
{
    private readonly Stack<Action> _steps = new();

    public void Push(Action step) => _steps.Push(step);

    public void Run()
    {
        while (_steps.TryPop(out var step))
        {
            try
            {
                step();
            }
            catch (Exception exception)
            {
                failed(exception);
            }
        }
    }
}
