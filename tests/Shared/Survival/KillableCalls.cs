using System.Reflection;

namespace Portal.Testing.Survival;

/// <summary>Stands between an engine and a part of what is outside it: each call asks the <see cref="KillSwitch"/> first.</summary>
/// <typeparam name="T">The part's interface.</typeparam>
public class KillableCalls<T> : DispatchProxy
    where T : class
{
    private static readonly MethodInfo s_hang = typeof(KillSwitch).GetMethod(nameof(KillSwitch.HangAsync))!;
    private T _inner = null!;
    private KillSwitch _kill = null!;

    public static T Of(T inner, KillSwitch kill)
    {
        var made = Create<T, KillableCalls<T>>();
        var calls = (KillableCalls<T>)(object)made;
        (calls._inner, calls._kill) = (inner, kill);
        return made;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        if (targetMethod.IsSpecialName || targetMethod.ReturnType.Name.StartsWith("IAsyncEnumerable", StringComparison.Ordinal))
        {
            // What is only looked at changes nothing; loops of the engine's own, and tests, do that at no time that could be named.
            return targetMethod.Invoke(_inner, args);
        }

        if (_kill.Allows($"{typeof(T).Name}.{targetMethod.Name}"))
        {
            return targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
        }

        var type = targetMethod.ReturnType;
        if (typeof(Task).IsAssignableFrom(type))
        {
            var result = type.IsGenericType ? type.GetGenericArguments()[0] : typeof(int);
            return s_hang.MakeGenericMethod(result).Invoke(_kill, null);
        }

        // The pool makes up for threads that wait for a task.
        return _kill.HangAsync<object?>().GetAwaiter().GetResult();
    }
}
