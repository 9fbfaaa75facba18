CREATE TABLE patients (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    phone VARCHAR(40),
    born DATE
) ENGINE=InnoDB;

CREATE TABLE visits (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    patient_id INT UNSIGNED NOT NULL,
    fee DOUBLE NOT NULL,
    seen_at DATETIME NOT NULL,
    KEY `by patient` (patient_id),
    KEY by_patient_and_time (patient_id, seen_at),
    CONSTRAINT visits_patient FOREIGN KEY (patient_id) REFERENCES patients (id)
) ENGINE=InnoDB;
