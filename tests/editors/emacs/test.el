;;; test.el - a real Emacs with clients/emacs/lintel-eglot.el; says in TAP how it went.  -*- lexical-binding: t -*-

(setq native-comp-enable-subr-trampolines nil comp-enable-subr-trampolines nil native-comp-jit-compilation nil
      vc-handled-backends '(Git)
      create-lockfiles nil make-backup-files nil)
(unless (locate-library "eglot") (require 'package) (package-initialize))
(require 'cl-lib)
(require 'flymake)
(require 'lintel-eglot)

(defvar n 0)
(defvar failed 0)
(defmacro check (name &rest body)
  "Run BODY and say whether it went well, under NAME."
  `(progn
     (cl-incf n)
     (condition-case err (progn ,@body (princ (format "ok %d - %s\n" n ,name)))
       (error (cl-incf failed)
              (princ (format "not ok %d - %s\n#   %s\n" n ,name
                             (replace-regexp-in-string "\n" "\n#   " (format "%S" err))))))))
(defun wait (what condition)
  "Wait until CONDITION gives a value, and give it; WHAT is for the message."
  (let ((end (+ (float-time) 30)) value)
    (while (and (not (setq value (funcall condition))) (< (float-time) end))
      (accept-process-output nil 0.02))
    (or value (error "Waited in vain for %s" what))))
(defun has (text &rest parts)
  "Every one of PARTS is in TEXT."
  (dolist (part parts)
    (unless (string-match-p (regexp-quote part) text) (error "No %S in: %s" part text))))
(defun findings ()
  "The texts of the findings of this buffer."
  (flymake-start)
  (mapconcat #'flymake-diagnostic-text (flymake-diagnostics) "\n"))
(defun page (regexp)
  "The buffer of the page whose name REGEXP matches, once it has a text."
  (wait regexp (lambda () (cl-find-if (lambda (buffer)
                                        (and (string-match-p regexp (buffer-name buffer)) (> (buffer-size buffer) 0)))
                                      (buffer-list)))))

(setq eglot-sync-connect 10 eglot-autoshutdown t eglot-confirm-server-initiated-edits nil eglot-report-progress nil)
(princ "1..16\n")
(defvar project (file-name-as-directory default-directory))
(defun open-file (name)
  "Open the file NAME of the project."
  (set-buffer (find-file-noselect (expand-file-name name project))))
(open-file "migrations/0002_age.sql")
;; In an Emacs that has loaded nothing of it.
(check "installed as a package, it is found"
  (let ((folder (expand-file-name "~/package/")))
    (make-directory folder)
    (copy-file (locate-library "lintel-eglot.el") folder)
    (require 'package)
    (package-generate-autoloads "lintel-eglot" folder)
    (cl-assert (eq 0 (call-process (expand-file-name invocation-name invocation-directory) nil nil nil "-Q" "--batch"
                                   "-l" (concat folder "lintel-eglot-autoloads.el")
                                   "--eval" "(kill-emacs (if (autoloadp (symbol-function 'lintel-consult)) 0 1))")))))
(check "a schema is known to be one, and a plain project not"
  (let (started)
    (cl-letf (((symbol-function 'eglot-ensure) (lambda () (push (buffer-name) started))))
      (lintel-eglot-ensure)
      (with-current-buffer (find-file-noselect (expand-file-name "~/plain/report.py")) (lintel-eglot-ensure)))
    (cl-assert (equal started '("0002_age.sql")))))
(check "Eglot starts the server for SQL"
  (let ((noninteractive nil)) (apply #'eglot (eglot--guess-contact)))
  (cl-assert (cl-typep (wait "the server" #'eglot-current-server) 'lintel-server)))
(check "findings know the migrations before"
  (flymake-mode 1)
  (wait "findings" (lambda () (string-match-p "fails when the table has rows" (findings))))
  (has (findings) "blocks every write to orders"))
(check "a hover shows the table"
  (goto-char (point-min))
  (search-forward "customer")
  (let ((answer (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams))))
    (has (plist-get (plist-get answer :contents) :value) "3 columns" "orders")))
(check "a quick fix is applied"
  (goto-char (point-min))
  (search-forward "CREATE INDEX")
  (let ((start (match-beginning 0)) (last-nonmenu-event ?x)) ; asked by the keyboard, not by a menu
    (cl-letf (((symbol-function 'completing-read)
               (lambda (_prompt choices &rest _)
                 (or (cl-find-if (lambda (title) (string-match-p "Build the index concurrently" title)) (all-completions "" choices))
                     (error "It is not among %S" choices)))))
      (eglot-code-actions start (1+ start) "quickfix" t)))
  (wait "the edit" (lambda () (string-match-p "INDEX CONCURRENTLY" (buffer-string)))))
(check "a definition is found"
  (goto-char (point-min))
  (search-forward "customer")
  (let* ((found (car (xref-backend-definitions 'eglot (xref-backend-identifier-at-point 'eglot))))
         (place (xref-item-location found)))
    (has (xref-location-group place) "0001_customers.sql")))
(open-file "migrations/0001_customers.sql")
(wait "the server" #'eglot-current-server)
(check "consulting shows the report as a page"
  (goto-char (point-min))
  (search-forward "TABLE orders")
  (lintel-consult "table" "is this enough?")
  (with-current-buffer (page "lintel:/reports/")
    (has (buffer-string) "# Database Architecture Analysis Report" "orders" "is this enough?")
    (cl-assert (and (derived-mode-p 'lintel-page-mode) buffer-read-only))))
(check "a place in it is followed"
  (with-current-buffer (page "lintel:/reports/")
    (wait "links" (lambda () (text-property-not-all (point-min) (point-max) 'lintel-target nil)))
    (goto-char (point-min))
    (search-forward "0001_customers.sql:8")
    (backward-char)
    (lintel-follow))
  (with-current-buffer (window-buffer)
    (has (buffer-file-name) "0001_customers.sql")
    (cl-assert (= (line-number-at-pos) 8))))
(open-file "migrations/0001_customers.sql")
(check "the hover shows afterwards what the report says"
  (goto-char (point-min))
  (search-forward "TABLE orders")
  (has (plist-get (plist-get (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams))
                             :contents) :value)
       "Consulted"))
(check "the roadmap is copied"
  (lintel-roadmap)
  (wait "it" (lambda () (and kill-ring (string-match-p "CREATE INDEX" (car kill-ring))))))
(check "the schema is shown, and follows what is typed"
  (lintel-schema)
  (let ((buffer (page "lintel:/schema/")))
    (has (with-current-buffer buffer (buffer-string)) "erDiagram" "customers")
    (goto-char (point-min))
    (search-forward "email")
    (replace-match "mail_address")
    (run-hooks 'post-command-hook)
    (eglot--signal-textDocument/didChange)
    (wait "the new column" (lambda () (with-current-buffer buffer (string-match-p "mail_address" (buffer-string)))))
    (set-buffer-modified-p nil)))
(check "a rule is explained"
  (lintel-explain "float-money")
  (has (with-current-buffer (page "lintel:/rules/float-money") (buffer-string)) "numeric"))
(check "a selection is consulted"
  (transient-mark-mode 1)
  (push-mark (point-min) t t)
  (goto-char (point-max))
  (cl-letf (((symbol-function 'use-region-p) (lambda () t)))
    (lintel-consult "selection" ""))
  (wait "two reports" (lambda () (<= 2 (cl-count-if (lambda (buffer) (string-match-p "lintel:/reports/" (buffer-name buffer)))
                                                    (buffer-list))))))
(check "nothing is cancelled when nothing goes on"
  (let (said)
    (cl-letf (((symbol-function 'message) (lambda (&rest args) (setq said (apply #'format args)))))
      (lintel-cancel)
      (wait "the word" (lambda () (and said (string-match-p "no consultation" said)))))))
(check "the server ends"
  (dolist (buffer (buffer-list)) (with-current-buffer buffer (set-buffer-modified-p nil)))
  (eglot-shutdown (eglot-current-server))
  (wait "the end" (lambda () (not (eglot-current-server)))))
(kill-emacs (if (> failed 0) 1 0))
