package dev.buildboss.benchmarks;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** How long methods are, by the JDK's own parser; nothing is compiled. */
final class MethodLengths {

    private MethodLengths() {}

    /**
     * Methods and constructors of more than {@code most} lines, from their annotations to their last brace.
     *
     * @return each as {@code file:line: name: lines}
     */
    static List<String> over(int most, List<Path> files) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> found = new ArrayList<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    manager,
                    diagnostic -> {},
                    List.of("-proc:none"),
                    null,
                    manager.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new Scanner(unit, positions, most, found).scan(unit, null);
            }
        }
        return found;
    }

    private static final class Scanner extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final int most;
        private final List<String> found;

        Scanner(CompilationUnitTree unit, SourcePositions positions, int most, List<String> found) {
            this.unit = unit;
            this.positions = positions;
            this.most = most;
            this.found = found;
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            LineMap lines = unit.getLineMap();
            long first = lines.getLineNumber(positions.getStartPosition(unit, method));
            long length = lines.getLineNumber(positions.getEndPosition(unit, method) - 1) - first + 1;
            if (length > most) {
                found.add(unit.getSourceFile().getName() + ":" + first + ": " + method.getName() + ": " + length);
            }
            return super.visitMethod(method, null);
        }
    }
}
